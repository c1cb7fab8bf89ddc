import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { sizeText } from '../catalog/regular-file.ts';
import type { Exercise } from '../catalog/exercise.ts';
import { openTar, TAR_LIMITS } from './archive-tar.ts';
import type { TarLimits } from './archive-tar.ts';
import { openZip } from './archive-zip.ts';
import { BadArchive } from './bad-archive.ts';
import { takeEntries } from './entries.ts';
import { unreadable } from './intake.ts';
import type { Taken } from './intake.ts';

/** The largest archive that is opened, in bytes. */
const LARGEST = 256 * 1024 * 1024;

// Windows has neither; there a path that is no ordinary file is told by fstat alone.
const flags: Readonly<Record<string, number | undefined>> = { ...constants };
const { O_NOFOLLOW = 0, O_NONBLOCK = 0 } = flags;

/**
 * Takes the editable files out of an archive, in memory: nothing of it is ever written to a disk. What kind of archive it
 * is, its first bytes say. `path`: a real path. Null: it is no file, or none that was meant as an archive.
 */
export async function takeArchive(
  path: string,
  exercises: readonly Exercise[],
  limits: TarLimits = TAR_LIMITS,
): Promise<Taken[] | null> {
  const descriptor = openSync(path, constants.O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  try {
    const stats = fstatSync(descriptor);
    if (!stats.isFile()) return null;
    const format = formatOf(descriptor);
    if (format === null) {
      if (!/\.(zip|tgz|tar|tar\.gz)$/i.test(path)) return null;
      return unreadable(exercises, NO_ARCHIVE);
    }
    if (stats.size > LARGEST) return unreadable(exercises, TOO_LARGE);
    const entries =
      format === 'zip' ? await openZip(descriptor) : await openTar(descriptor, format === 'gzip', limits);
    return await takeEntries(entries, exercises);
  } catch (error) {
    if (error instanceof BadArchive) return unreadable(exercises, error.message);
    throw error;
  } finally {
    closeSync(descriptor);
  }
}

function formatOf(descriptor: number): 'zip' | 'gzip' | 'tar' | null {
  const head = Buffer.alloc(512);
  const size = readSync(descriptor, head, 0, head.length, 0);
  const start = head.subarray(0, size).toString('latin1');
  if (start.startsWith('PK\x03\x04') || start.startsWith('PK\x05\x06')) return 'zip';
  if (start.startsWith('\x1f\x8b')) return 'gzip';
  return start.slice(257, 262) === 'ustar' ? 'tar' : null;
}

const NO_ARCHIVE =
  'The file is no archive of a kind that can be read. Pack the folder as .zip or .tgz and hand it in again.';
const TOO_LARGE = `The archive is larger than ${sizeText(LARGEST)}. Leave node_modules out, and pack it anew.`;
