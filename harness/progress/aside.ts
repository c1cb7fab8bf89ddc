import { existsSync, renameSync } from 'node:fs';
import path from 'node:path';

/** Files that SQLite keeps beside a database under its name. */
const COMPANIONS = ['-journal', '-wal', '-shm'];

/**
 * Renames a damaged file, for example to `progress.damaged-2026-03-01T09-30-00-000Z.sqlite`, together with its
 * companions, and returns the new path. Call it while the rename lock is held alone. Throws what rename throws.
 */
export function setAside(file: string, now: number): string {
  const { dir, name, ext } = path.parse(file);
  const stamp = new Date(now).toISOString().replace(/[:.]/g, '-');
  let aside = path.join(dir, `${name}.damaged-${stamp}${ext}`);
  for (let copy = 2; existsSync(aside); copy++) {
    aside = path.join(dir, `${name}.damaged-${stamp}-${copy}${ext}`);
  }
  // Companions first: when this process dies in between, the damaged file is still in place and is found again. The
  // other way round, the next file would be begun beside a journal that is not its own.
  for (const companion of COMPANIONS) {
    if (existsSync(file + companion)) renameSync(file + companion, aside + companion);
  }
  renameSync(file, aside);
  return aside;
}
