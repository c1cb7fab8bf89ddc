import { lstatSync, opendirSync } from 'node:fs';
import { join } from 'node:path';

/** What a subject may leave on the disk. Sizes in bytes. */
export const FOLDER_LIMITS = { files: 2_000, bytes: 256 * 1024 * 1024, depth: 32 };

/** Two looks are at least this many milliseconds apart. */
const EVERY = 200;

/** Looks from time to time at how much lies in folders that a subject may write. */
export class FolderWatch {
  private readonly folders: readonly string[];
  private last = 0;

  constructor(folders: readonly string[]) {
    this.folders = folders;
  }

  /** What there is too much of, as a sentence; null: nothing, or the last look was a moment ago. */
  excess(): string | null {
    if (this.folders.length === 0 || performance.now() - this.last < EVERY) return null;
    this.last = performance.now();
    return excessIn(this.folders);
  }
}

/** What there is too much of in these folders, as a sentence; null: nothing. Links are not followed. */
export function excessIn(folders: readonly string[], limits = FOLDER_LIMITS): string | null {
  let files = 0;
  let bytes = 0;
  const waiting = folders.map((folder) => ({ folder, depth: 1 }));
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { folder, depth } = next;
    if (depth > limits.depth) return `it made folders more than ${limits.depth} deep, and was ended`;
    for (const { name, isFolder, size } of entriesOf(folder)) {
      files++;
      bytes += size;
      if (files > limits.files) return `it made more than ${limits.files} files, and was ended`;
      if (bytes > limits.bytes)
        return `it wrote more than ${limits.bytes >> 20} MB to the disk, and was ended`;
      if (isFolder) waiting.push({ folder: join(folder, name), depth: depth + 1 });
    }
  }
  return null;
}

type Entry = { name: string; isFolder: boolean; size: number };

/** One by one: a folder may have a million. What is gone by now is left out. */
function* entriesOf(folder: string): Generator<Entry> {
  let open;
  try {
    open = opendirSync(folder);
  } catch {
    return;
  }
  try {
    for (let entry = open.readSync(); entry !== null; entry = open.readSync()) {
      const { name } = entry;
      yield { name, isFolder: entry.isDirectory(), size: sizeOf(join(folder, name)) };
    }
  } finally {
    open.closeSync();
  }
}

/** What it takes on the disk: a file may claim more than it has, or have been given room that it does not claim. */
function sizeOf(path: string): number {
  try {
    return lstatSync(path).blocks * 512;
  } catch {
    return 0;
  }
}
