import { constants, closeSync, fstatSync, lstatSync, openSync, readSync, realpathSync } from 'node:fs';
import { sep } from 'node:path';

/**
 * Why a file was not read. `special`: a FIFO, socket or device. `moved`: while it was opened, its path led somewhere
 * else. `code` is the system's word, such as `EACCES`, where there is one.
 */
export type FileFailure = {
  why: 'missing' | 'link' | 'folder' | 'special' | 'moved' | 'too-large' | 'not-utf8' | 'unreadable';
  code: string | null;
};

export type FileText =
  { ok: true; text: string; bytes: number; links: number } | ({ ok: false } & FileFailure);

// Windows has neither; there links and devices are told apart by lstat alone.
const flags: Readonly<Record<string, number | undefined>> = { ...constants };
const { O_NOFOLLOW = 0, O_NONBLOCK = 0 } = flags;

/** A file as it lies there: `mode` is its permission bits. */
export type FileBytes = { bytes: Buffer; mode: number };

/** `links`: how many names the file has, of which `path` is one. */
export type OpenedFile = FileBytes & { links: number };

/** `readFileBytes`, and the bytes as UTF-8 without a byte order mark. */
export function readTextFile(path: string, maxBytes: number, inside?: string): FileText {
  const read = readFileBytes(path, maxBytes, inside);
  if (!read.ok) return read;
  const text = decodeUtf8(read.bytes);
  if (text === null) return { ok: false, why: 'not-utf8', code: null };
  return { ok: true, text, bytes: read.bytes.length, links: read.links };
}

/**
 * Reads a regular file of at most `maxBytes` bytes. Never follows a link in the last
 * segment of `path`, never waits for the other end of a FIFO, never throws. With `inside` (the real path of a folder)
 * it also refuses a file that lies elsewhere, as when a folder of the path is swapped for a link in that moment.
 *
 * Synchronous, because the files are small and few; callers that read many let other work run in between.
 */
export function readFileBytes(
  path: string,
  maxBytes: number,
  inside?: string,
): ({ ok: true } & OpenedFile) | ({ ok: false } & FileFailure) {
  let descriptor: number | null = null;
  try {
    const seen = kindOf(lstatSync(path));
    if (seen !== 'file') return { ok: false, why: seen, code: null };

    // The check above keeps devices from being opened at all; what counts is the check of what was opened.
    descriptor = openSync(path, constants.O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    const stats = fstatSync(descriptor);
    const opened = kindOf(stats);
    if (opened !== 'file') return { ok: false, why: opened, code: null };
    if (inside !== undefined && !liesInside(descriptor, path, inside)) {
      return { ok: false, why: 'moved', code: null };
    }

    const bytes = readBounded(descriptor, maxBytes);
    if (bytes === null) return { ok: false, why: 'too-large', code: null };
    return { ok: true, bytes, mode: stats.mode & 0o777, links: stats.nlink };
  } catch (error) {
    return { ok: false, ...failureOf(error) };
  } finally {
    if (descriptor !== null) closeSync(descriptor);
  }
}

type Stats = ReturnType<typeof fstatSync>;

function kindOf(stats: Pick<Stats, 'isFile' | 'isSymbolicLink' | 'isDirectory'>) {
  if (stats.isFile()) return 'file';
  if (stats.isSymbolicLink()) return 'link';
  return stats.isDirectory() ? 'folder' : 'special';
}

/** Is the open file the one that `path` leads to, and is that below `inside`? Device numbers on Windows do not compare. */
function liesInside(descriptor: number, path: string, inside: string): boolean {
  if (process.platform === 'win32') return true;
  const real = realpathSync.native(path);
  if (!real.startsWith(inside.endsWith(sep) ? inside : inside + sep)) return false;
  const opened = fstatSync(descriptor, { bigint: true });
  const there = lstatSync(real, { bigint: true });
  return opened.ino === there.ino && opened.dev === there.dev;
}

/** The size from fstat is no promise: the file may grow while it is read. */
function readBounded(descriptor: number, maxBytes: number): Buffer | null {
  const chunks: Buffer[] = [];
  let total = 0;
  for (;;) {
    const chunk = Buffer.allocUnsafe(Math.min(maxBytes + 1 - total, 64 * 1024));
    const count = readSync(descriptor, chunk, 0, chunk.length, null);
    if (count === 0) return Buffer.concat(chunks, total);
    total += count;
    if (total > maxBytes) return null;
    chunks.push(chunk.subarray(0, count));
  }
}

/** Text without a byte order mark; null: the bytes are no UTF-8. */
export function decodeUtf8(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** What an error of `node:fs` means for a reader. */
export function failureOf(error: unknown): FileFailure {
  const code =
    error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null;
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return { why: 'missing', code };
    case 'ELOOP':
    case 'EMLINK':
      return { why: 'link', code };
    case 'EISDIR':
      return { why: 'folder', code };
    case 'ENXIO':
    case 'EOPNOTSUPP':
      return { why: 'special', code };
    default:
      return { why: 'unreadable', code };
  }
}

/** Why `path` is no folder, as a sentence; null: it is one. A link to a folder is none. */
export function folderProblem(path: string): string | null {
  try {
    if (lstatSync(path).isDirectory()) return null;
    return 'It is not a folder.';
  } catch (error) {
    return failureText(failureOf(error), 0);
  }
}

/** One sentence about a failure, beginning with "It". `maxBytes`: the limit that held. */
export function failureText(failure: FileFailure, maxBytes: number): string {
  switch (failure.why) {
    case 'missing':
      return 'It does not exist.';
    case 'link':
      return 'It is a link, and links are not followed.';
    case 'folder':
      return 'It is a folder, not a file.';
    case 'special':
      return 'It is not an ordinary file but a pipe, a socket or a device.';
    case 'moved':
      return 'It changed its place while it was read.';
    case 'too-large':
      return `It is larger than ${sizeText(maxBytes)}.`;
    case 'not-utf8':
      return 'It holds bytes that are no UTF-8 text.';
    case 'unreadable':
      if (failure.code === 'EACCES' || failure.code === 'EPERM') return 'You have no permission to read it.';
      return `It cannot be read${failure.code === null ? '' : ` (${failure.code})`}.`;
  }
}

/** 262144 → `256 KiB`. */
export function sizeText(bytes: number): string {
  if (bytes >= 1024 * 1024 && bytes % (1024 * 1024) === 0) return `${bytes / (1024 * 1024)} MiB`;
  if (bytes >= 1024 && bytes % 1024 === 0) return `${bytes / 1024} KiB`;
  return `${bytes} bytes`;
}
