import { createHash } from 'node:crypto';
import { lstatSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { editableFailure, unreadableFailure } from './editable-problem.ts';
import type { EditableFailure, EditableLimits } from './editable-problem.ts';
import { findFiles } from './editable-walk.ts';
import type { SkippedFile } from './editable-walk.ts';
import { failureOf, failureText, readTextFile } from './regular-file.ts';

export type { EditableLimits, EditableProblem } from './editable-problem.ts';
export type { SkippedFile } from './editable-walk.ts';

export const EDITABLE_LIMITS: EditableLimits = {
  files: 200,
  fileBytes: 256 * 1024,
  totalBytes: 2 * 1024 * 1024,
  depth: 10,
  names: 10_000,
  links: Infinity,
};

export type EditableFiles =
  { ok: true; files: Map<string, string>; skipped: SkippedFile[] } | EditableFailure;

/**
 * Reads the files of `folder` that `globs` name: relative path with forward slashes → text without a byte order mark,
 * sorted by path. Nothing outside of the folder is read: links are not followed, and what is no ordinary file is skipped
 * and said. `node_modules` is never entered; a folder whose name begins with a dot only where a glob spells it out, as
 * `.github/workflows/*.yml` does.
 *
 * `folder` itself must be no link. The folders above it are the caller's: it has to know that no stranger made them.
 */
export async function readEditable(
  folder: string,
  globs: readonly string[],
  limits: Partial<EditableLimits> = {},
): Promise<EditableFiles> {
  const bounds = { ...EDITABLE_LIMITS, ...limits };
  let inside: string;
  try {
    if (!lstatSync(folder).isDirectory()) return editableFailure('not-a-folder', null, bounds);
    inside = realpathSync.native(folder);
  } catch (error) {
    const failure = failureOf(error);
    if (failure.why === 'missing') return editableFailure('missing', null, bounds);
    return unreadableFailure(null, failure);
  }

  const found = await findFiles(folder, globs, bounds);
  if (!found.ok) return found;
  const { paths, skipped } = found;
  const files = new Map<string, string>();
  let total = 0;
  for (const [index, path] of paths.entries()) {
    if (index % 32 === 31) await setImmediate();
    const read = readTextFile(join(folder, path), bounds.fileBytes, inside);
    if (read.ok && read.links > bounds.links) {
      skipped.push({ path, why: HARD_LINK });
    } else if (read.ok) {
      total += read.bytes;
      if (total > bounds.totalBytes) return editableFailure('too-large', null, bounds);
      files.set(path, read.text);
    } else if (read.why === 'too-large') {
      return editableFailure('file-too-large', path, bounds);
    } else if (read.why === 'not-utf8') {
      return editableFailure('not-utf8', path, bounds);
    } else if (read.why === 'unreadable') {
      return unreadableFailure(path, read);
    } else {
      // It was an ordinary file when its name was read: an editor was saving, or somebody swapped it.
      skipped.push({ path, why: failureText(read, bounds.fileBytes) });
    }
  }
  return { ok: true, files, skipped };
}

/**
 * SHA-256, hex, over names and contents. The order of the map does not matter; each name and each content is preceded by
 * its length in bytes, so that no two different sets of files read the same.
 */
export function digestFiles(files: ReadonlyMap<string, string>): string {
  const hash = createHash('sha256');
  for (const [name, content] of [...files].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    for (const text of [name, content]) hash.update(`${Buffer.byteLength(text)}:`).update(text);
  }
  return hash.digest('hex');
}

const HARD_LINK =
  'It has a second name somewhere else (a hard link), so whose file it is cannot be told. Put a copy there.';
