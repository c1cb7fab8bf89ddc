import { realpathSync } from 'node:fs';
import { join } from 'node:path';
import type { EditableLimits } from './editable-problem.ts';
import { findFiles } from './editable-walk.ts';
import { quoted } from './printable.ts';
import { failureText, readFileBytes } from './regular-file.ts';
import type { FileBytes } from './regular-file.ts';

/** Relative path with forward slashes → the file, sorted by path. */
export type BytesByPath = Map<string, FileBytes>;

/** `message`: which file stands in the way, why, and what to do. */
export type EditableBytes = { ok: true; files: BytesByPath } | { ok: false; message: string };

/** Wide enough for all that a person writes; a folder beyond them was filled by a program. */
const LIMITS: EditableLimits = {
  files: 5_000,
  fileBytes: 64 * 1024 * 1024,
  totalBytes: 1024 * 1024 * 1024,
  depth: 30,
  names: 200_000,
  links: Infinity,
};

/**
 * The files of `folder` that `globs` name, byte for byte: what `readEditable` reads, for whoever copies instead of
 * compiling. It answers with all of them or with none: a link, a pipe, or a file that may not be read is a refusal.
 * A folder that is not there has no files.
 */
export async function readEditableBytes(folder: string, globs: readonly string[]): Promise<EditableBytes> {
  const found = await findFiles(folder, globs, LIMITS);
  if (!found.ok) {
    if (found.problem.kind === 'missing') return { ok: true, files: new Map() };
    return { ok: false, message: found.problem.message };
  }
  const [odd] = found.skipped;
  if (odd !== undefined) return { ok: false, message: `${quoted(odd.path)} is in the way. ${odd.why}` };
  const inside = realpathSync.native(folder);
  const files: BytesByPath = new Map();
  for (const path of found.paths) {
    const read = readFileBytes(join(folder, path), LIMITS.fileBytes, inside);
    if (!read.ok) {
      const why = failureText(read, LIMITS.fileBytes);
      return { ok: false, message: `${quoted(path)} could not be read. ${why}` };
    }
    files.set(path, { bytes: read.bytes, mode: read.mode });
  }
  return { ok: true, files };
}

/** One file of `folder`, now; null: there is none that could be read as one. */
export function readOneEditable(folder: string, path: string): Buffer | null {
  const read = readFileBytes(join(folder, path), LIMITS.fileBytes);
  return read.ok ? read.bytes : null;
}

/** Whether two sets have the same files with the same bytes. Permission bits are no content. */
export function sameFiles(
  one: ReadonlyMap<string, FileBytes>,
  other: ReadonlyMap<string, FileBytes>,
): boolean {
  return (
    one.size === other.size &&
    [...one].every(([path, { bytes }]) => other.get(path)?.bytes.equals(bytes) === true)
  );
}
