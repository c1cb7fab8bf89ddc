import {
  closeSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmdirSync,
  rmSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import type { FileBytes } from './regular-file.ts';

/** Names of files that are not finished yet. A process that was killed leaves one behind; the next one clears it. */
const UNFINISHED = /^\.unfinished-\d+$/;

/** Writes a new file and its folders, down to the disk. Throws what the system throws, also when the file is there. */
export function writeNewFile(path: string, { bytes, mode }: FileBytes): void {
  mkdirSync(dirname(path), { recursive: true });
  // `wx` neither follows a link nor writes into what somebody put there in this moment.
  const descriptor = openSync(path, 'wx', mode);
  try {
    writeFileSync(descriptor, bytes);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** Puts a file in the place of another, or where none was: at every moment one of them is there as a whole. */
export function replaceFile(path: string, file: FileBytes): void {
  const folder = dirname(path);
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(folder)) {
    if (UNFINISHED.test(name)) rmSync(join(folder, name), { force: true });
  }
  const unfinished = join(folder, `.unfinished-${process.pid}`);
  try {
    writeNewFile(unfinished, file);
    renameSync(unfinished, path);
  } catch (error) {
    rmSync(unfinished, { force: true });
    throw error;
  }
}

/** Deletes a file, and the folders below `top` that are empty without it. */
export function removeFile(top: string, path: string): void {
  unlinkSync(join(top, path));
  for (let folder = dirname(path); folder !== '.'; folder = dirname(folder)) {
    try {
      rmdirSync(join(top, folder));
    } catch {
      return;
    }
  }
}

/** Whether `path` is a folder of this name, and neither it nor a folder above it, below the real `top`, is a link. */
export function isPlainFolder(top: string, path: string): boolean {
  try {
    return realpathSync.native(join(top, path)) === join(realpathSync.native(top), path);
  } catch {
    return false;
  }
}

/**
 * What stands in the way of a file `path` below `top`, as a path relative to it; null: nothing does. Links, files in the
 * place of folders and folders in the place of the file do.
 */
export function obstacle(top: string, path: string): string | null {
  const segments = path.split('/');
  for (let length = 1; length <= segments.length; length++) {
    const part = segments.slice(0, length).join('/');
    const stats = lstatSync(join(top, part), { throwIfNoEntry: false });
    if (stats === undefined) return null;
    if (length === segments.length ? !stats.isFile() : !stats.isDirectory()) return part;
  }
  return null;
}
