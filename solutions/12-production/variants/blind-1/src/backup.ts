import {
  chmodSync,
  closeSync,
  copyFileSync,
  mkdirSync,
  openSync,
  readSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { randomUUID } from 'node:crypto';
import { basename, dirname, join } from 'node:path';
import Database, { type Database as Connection } from 'better-sqlite3';

export type BackupOptions = {
  db: Connection;
  /** Where backups lie. It may not be there yet. */
  folder: string;
  /** How many backups stay. */
  keep: number;
  clock: { now(): number };
};

const COMPANIONS = ['-wal', '-shm', '-journal'];
const ALL_PAGES = 0x7fff_ffff;

function removeCompanions(file: string): void {
  for (const ending of COMPANIONS) rmSync(`${file}${ending}`, { force: true });
}

function removeDatabase(file: string): void {
  rmSync(file, { force: true });
  removeCompanions(file);
}

/** The folder with the backups: their names hold the time, then a number for those of the same time. */
class BackupFolder {
  static readonly #NAME = /^backup-(\d{16})-(\d{6})\.db$/;
  static readonly #PARTIAL = /^\.partial-[0-9a-f-]{36}(?:-wal|-shm|-journal)?$/;
  /** Files that this process is writing now. */
  static readonly #busy = new Set<string>();
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
    mkdirSync(folder, { recursive: true });
  }

  /** Gives a file to write to, and takes it away when `write` fails. */
  async writePartial(write: (file: string) => Promise<void>): Promise<string> {
    const name = `.partial-${randomUUID()}`;
    const file = join(this.#folder, name);
    BackupFolder.#busy.add(name);
    try {
      await write(file);
      return file;
    } catch (error) {
      removeDatabase(file);
      throw error;
    } finally {
      BackupFolder.#busy.delete(name);
    }
  }

  /** Gives a finished file its name. Nobody else gets the same. */
  publish(partial: string, now: number): string {
    const time = String(Math.max(0, Math.floor(now))).padStart(16, '0');
    const same = readdirSync(this.#folder)
      .map((name) => BackupFolder.#NAME.exec(name))
      .filter((match) => match?.[1] === time)
      .map((match) => Number(match?.[2]));
    for (let number = Math.max(-1, ...same) + 1; ; number += 1) {
      const path = join(this.#folder, `backup-${time}-${String(number).padStart(6, '0')}.db`);
      try {
        closeSync(openSync(path, 'wx'));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'EEXIST') continue;
        throw error;
      }
      renameSync(partial, path);
      return path;
    }
  }

  keepNewest(count: number): void {
    const names = readdirSync(this.#folder);
    const backups = names.filter((name) => BackupFolder.#NAME.test(name)).sort();
    for (const name of backups.slice(0, Math.max(0, backups.length - count)))
      removeDatabase(join(this.#folder, name));
    // What a killed process left half written.
    for (const name of names) {
      const unfinished = BackupFolder.#PARTIAL.test(name);
      if (unfinished && !BackupFolder.#busy.has(name.replace(/-(?:wal|shm|journal)$/, ''))) {
        rmSync(join(this.#folder, name), { force: true });
      }
    }
  }
}

/** Makes a backup of a database that is in use; resolves with its path. */
export async function backup({ db, folder, keep, clock }: BackupOptions): Promise<string> {
  const now = clock.now();
  const backups = new BackupFolder(folder);
  const partial = await backups.writePartial(async (file) => {
    // SQLite flushes what it copied. All pages in one step: that is one moment, and nobody's writing makes it begin anew.
    await db.backup(file, { progress: () => ALL_PAGES });
    const copy = new Database(file);
    try {
      // The copy would say that it is in WAL mode, and ask for files beside it.
      copy.pragma('journal_mode = DELETE');
      assertSound(copy, file);
    } finally {
      copy.close();
    }
  });
  let path: string;
  try {
    path = backups.publish(partial, now);
  } catch (error) {
    removeDatabase(partial);
    throw error;
  }
  backups.keepNewest(keep);
  return path;
}

/** Puts a backup in the place of a database that nobody has open. */
export async function restore({ from, to }: { from: string; to: string }): Promise<void> {
  assertLooksLikeDatabase(from);
  mkdirSync(dirname(to), { recursive: true });
  const candidate = join(dirname(to), `.${basename(to)}.restore-${randomUUID()}`);
  try {
    copyFileSync(from, candidate);
    chmodSync(candidate, statSync(to, { throwIfNoEntry: false })?.mode ?? 0o644);
    const copy = new Database(candidate);
    try {
      assertSound(copy, from);
      // A commit makes SQLite flush the whole file to the disk, before it takes its place.
      copy.pragma(`user_version = ${Number(copy.pragma('user_version', { simple: true }))}`);
    } finally {
      copy.close();
    }
    // First what belongs to the old content: played into the new one it would damage it.
    removeCompanions(to);
    renameSync(candidate, to);
  } finally {
    removeDatabase(candidate);
  }
}

function assertSound(db: Connection, file: string): void {
  const rows = db.pragma('integrity_check') as { integrity_check: string }[];
  if (rows.length === 1 && rows[0]?.integrity_check === 'ok') return;
  throw new Error(`${file} is damaged: ${rows[0]?.integrity_check ?? 'it says nothing'}`);
}

/** SQLite takes an empty file for an empty database. A backup is never empty. */
function assertLooksLikeDatabase(file: string): void {
  const magic = Buffer.alloc(16);
  const handle = openSync(file, 'r');
  try {
    readSync(handle, magic, 0, magic.length, 0);
  } finally {
    closeSync(handle);
  }
  if (magic.toString('latin1') !== 'SQLite format 3\0') throw new Error(`${file} is no database of SQLite`);
}
