import { randomUUID } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';

export type BackupOptions = {
  db: Database.Database;
  /** Where backups lie. It may not be there yet. */
  folder: string;
  /** How many backups stay. */
  keep: number;
  clock: { now(): number };
};

/** The time it was made at, and its number among those of the same millisecond. Names sort as times do. */
const NAME = /^backup-(\d{16})-(\d{6})\.sqlite$/;

/** Waits until the disk has the file. */
async function flush(path: string): Promise<void> {
  const file = await open(path, 'r+');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Makes a backup of a database that is in use; resolves with its path. */
export async function backup({ db, folder, keep, clock }: BackupOptions): Promise<string> {
  if (!Number.isInteger(keep) || keep < 1) throw new RangeError('keep is a whole number above 0');
  mkdirSync(folder, { recursive: true });
  const partial = join(folder, `${randomUUID()}.partial`);
  try {
    // A connection of its own: whatever transaction `db` is in, this one reads what is committed, at one moment.
    const reader = new Database(db.name, { readonly: true, fileMustExist: true });
    try {
      reader.prepare('VACUUM INTO ?').run(partial);
    } finally {
      reader.close();
    }
    await flush(partial);
    const time = `backup-${String(Math.floor(clock.now())).padStart(16, '0')}`;
    const last = readdirSync(folder).filter((name) => NAME.test(name) && name.startsWith(time)).sort().at(-1);
    const number = last === undefined ? 0 : Number(NAME.exec(last)?.[2]) + 1;
    const path = join(folder, `${time}-${String(number).padStart(6, '0')}.sqlite`);
    renameSync(partial, path);
    for (const old of readdirSync(folder).filter((name) => NAME.test(name)).sort().slice(0, -keep)) {
      rmSync(join(folder, old), { force: true });
    }
    return path;
  } finally {
    for (const rest of ['', '-journal']) rmSync(partial + rest, { force: true });
  }
}

/** Throws when SQLite finds a fault. Afterwards the file needs nothing beside it. */
function inspect(path: string, from: string): void {
  const db = new Database(path, { fileMustExist: true });
  try {
    const found: unknown = db.pragma('integrity_check', { simple: true });
    if (found !== 'ok') throw new Error(`${from} is damaged: ${String(found)}`);
    db.pragma('journal_mode = DELETE');
  } finally {
    db.close();
  }
}

/** Puts a backup in the place of a database that nobody has open. */
export async function restore({ from, to }: { from: string; to: string }): Promise<void> {
  if (statSync(from).size === 0) throw new Error(`${from} is empty`);
  mkdirSync(dirname(to), { recursive: true });
  const fresh = `${to}.${randomUUID()}`;
  const aside: { now: string; before: string }[] = [];
  try {
    copyFileSync(from, fresh);
    inspect(fresh, from);
    await flush(fresh);
    // What lies beside `to` belongs to the old content. SQLite would write it into the new one.
    for (const end of ['-wal', '-shm', '-journal']) {
      if (!existsSync(to + end)) continue;
      renameSync(to + end, `${fresh}-old${end}`);
      aside.push({ now: `${fresh}-old${end}`, before: to + end });
    }
    renameSync(fresh, to);
  } catch (error) {
    for (const { now, before } of aside) renameSync(now, before);
    throw error;
  } finally {
    for (const end of ['', '-wal', '-shm', '-journal', '-old-wal', '-old-shm', '-old-journal']) {
      rmSync(fresh + end, { force: true });
    }
  }
}
