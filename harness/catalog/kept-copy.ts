import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { BytesByPath } from './editable-bytes.ts';
import { obstacle, writeNewFile } from './written-file.ts';

/*
 * Copies of a learner's files, made before anything is put in their place:
 *
 *   .workbook/kept/<id>/<name>/src/…     laid out like the exercise; the name is the time, in UTC
 *
 * They are never changed and never deleted. A folder whose name begins with a dot is a copy that was not finished.
 */

/** `folder` is relative to the workbook's root, with forward slashes. */
export type KeptCopy = { name: string; folder: string };

export type Keeping = { ok: true; copy: KeptCopy } | { ok: false; message: string };

/** Copies files, whole or not at all: the copy gets its name when every byte of it is on the disk. */
export function keepCopy(root: string, id: string, files: BytesByPath, now: number): Keeping {
  const place = placeOf(id);
  let unfinished: string | null = null;
  try {
    const found = obstacle(root, [...place, 'copy'].join('/'));
    if (found !== null) return { ok: false, message: inTheWay(found) };
    mkdirSync(join(root, ...place), { recursive: true });
    unfinished = mkdtempSync(join(root, ...place, '.unfinished-'));
    for (const [path, file] of files) writeNewFile(join(unfinished, path), file);
    const stamp = new Date(now).toISOString().replace(/[:.]/g, '-');
    let name = stamp;
    for (let next = 2; existsSync(join(root, ...place, name)); next++) name = `${stamp}-${next}`;
    renameSync(unfinished, join(root, ...place, name));
    return { ok: true, copy: copyOf(id, name) };
  } catch (error) {
    if (unfinished !== null) rmSync(unfinished, { recursive: true, force: true });
    const said = error instanceof Error ? error.message : String(error);
    const message = `The copy of your files could not be written to ${place.join('/')}. Check the free space, and whether you may write there. (${said})`;
    return { ok: false, message };
  }
}

/** The copies of an exercise's files, oldest first. */
export function keptCopies(root: string, id: string): KeptCopy[] {
  const folder = join(root, ...placeOf(id));
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .map(({ name }) => copyOf(id, name))
    .toSorted((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }));
}

function copyOf(id: string, name: string): KeptCopy {
  return { name, folder: [...placeOf(id), name].join('/') };
}

function placeOf(id: string): string[] {
  return ['.workbook', 'kept', id];
}

const inTheWay = (path: string) =>
  `The copy of your files needs a folder ${path}, and what is there is a file or a link. Move it to another place.`;
