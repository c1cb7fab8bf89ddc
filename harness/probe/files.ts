import { closeSync, constants, fstatSync, openSync, readdirSync, readSync } from 'node:fs';
import type { Dirent } from 'node:fs';
import { join } from 'node:path';
import type { FileLimits, FoundFile, ProbeAnswer } from './messages.ts';

/** Neither follows a link nor waits for the other end of a pipe; both flags are missing on Windows. */
const SAFELY = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/**
 * Reads a tree that a subject wrote: regular files with their bytes, everything else by name and kind only. A tree that
 * is larger than the limits is refused as a whole.
 */
export function readTree(folder: string, limits: FileLimits): ProbeAnswer {
  const files: FoundFile[] = [];
  let total = 0;
  const visit = (at: string, depth: number): string | null => {
    if (depth > limits.depth) return `folders more than ${limits.depth} deep`;
    for (const entry of readdirSync(join(folder, at), { withFileTypes: true })) {
      if (files.length >= limits.files) return `more than ${limits.files} files`;
      const path = at === '' ? entry.name : `${at}/${entry.name}`;
      if (entry.isDirectory()) {
        const why = visit(path, depth + 1);
        if (why !== null) return why;
        continue;
      }
      const found = readRegular(folder, path, entry, limits.fileBytes);
      if (typeof found === 'string') return found;
      if (found.kind === 'file') total += (found.base64.length * 3) / 4;
      if (total > limits.totalBytes) return `more than ${limits.totalBytes} bytes in all`;
      files.push(found);
    }
    return null;
  };
  const why = visit('', 1);
  return why === null ? { ok: true, files } : { ok: false, why };
}

/** The file, or a sentence when it is too large. Its kind is asked of the open descriptor: a name may change hands. */
function readRegular(folder: string, path: string, entry: Dirent, limit: number): FoundFile | string {
  if (!entry.isFile()) return { path, kind: 'other', what: kindOf(entry) };
  const descriptor = openSync(join(folder, path), SAFELY);
  try {
    const stat = fstatSync(descriptor);
    if (!stat.isFile()) return { path, kind: 'other', what: 'no regular file' };
    const bytes = Buffer.alloc(limit + 1);
    let size = 0;
    for (let got = -1; got !== 0 && size < bytes.length; size += got) {
      got = readSync(descriptor, bytes, size, bytes.length - size, null);
    }
    if (size > limit) return `a file larger than ${limit} bytes: ${path}`;
    return { path, kind: 'file', base64: bytes.toString('base64', 0, size) };
  } finally {
    closeSync(descriptor);
  }
}

function kindOf(entry: Dirent): string {
  if (entry.isSymbolicLink()) return 'a symbolic link';
  if (entry.isFIFO()) return 'a named pipe';
  if (entry.isSocket()) return 'a socket';
  return 'a device';
}
