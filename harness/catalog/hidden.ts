import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import type { CatalogProblem } from './problem.ts';
import { openSealed } from './sealed-file.ts';

/** In an edition, all that an exercise hides is this one file of its folder hidden/. */
export const SEALED_SUITE = 'suite.sealed';

/** What is sealed in it: path below hidden/, with forward slashes → text. */
export const hiddenTexts = z.record(z.string(), z.string());

export type Hidden =
  { ok: true; files: ReadonlyMap<string, string> } | { ok: false; problem: CatalogProblem };

/**
 * The sealed files of hidden/, opened in memory; null: they lie there as they are. `folder`: of an exercise, absolute,
 * in exercises/ of a workbook.
 */
export function openHidden(folder: string): Hidden | null {
  const root = dirname(dirname(folder));
  const path = `${basename(dirname(folder))}/${basename(folder)}/hidden/${SEALED_SUITE}`;
  const opened = openSealed(root, path);
  if (opened === null || !opened.ok) return opened;
  return { ok: true, files: new Map(Object.entries(hiddenTexts.parse(JSON.parse(opened.content)))) };
}

/**
 * The files that an exercise hides, whether they are sealed or not: paths below hidden/ with forward slashes, sorted.
 * Throws what the system throws.
 */
export function hiddenNames(folder: string): string[] {
  const sealed = openHidden(folder);
  const names =
    sealed === null ? filesBelow(join(folder, 'hidden'), '') : [...readable(sealed, folder).keys()];
  return names.toSorted();
}

/** The text of one of them. Nothing of a sealed one ever reaches the disk. Throws where there is none. */
export function hiddenText(folder: string, name: string): string {
  const sealed = openHidden(folder);
  if (sealed === null) return readFileSync(join(folder, 'hidden', name), 'utf8');
  const text = readable(sealed, folder).get(name);
  if (text === undefined) throw new Error(`${basename(folder)} hides no file ${name}`);
  return text;
}

function readable(sealed: Hidden, folder: string): ReadonlyMap<string, string> {
  if (sealed.ok) return sealed.files;
  throw new Error(`${basename(folder)}: ${sealed.problem.file}: ${sealed.problem.message}`);
}

function filesBelow(folder: string, prefix: string): string[] {
  return readdirSync(join(folder, prefix), { withFileTypes: true }).flatMap((entry) => {
    const path = prefix === '' ? entry.name : `${prefix}/${entry.name}`;
    if (entry.isDirectory()) return filesBelow(folder, path);
    return entry.isFile() ? [path] : [];
  });
}
