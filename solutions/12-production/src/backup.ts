import { randomUUID } from 'node:crypto';
import { copyFile, mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import Database from 'better-sqlite3';

export type BackupOptions = {
  db: Database.Database;
  /** Where backups lie, and nothing else. */
  folder: string;
  /** How many backups stay. */
  keep: number;
  clock: { now(): number };
};

const ENDING = '.sqlite';

/** Makes a backup of a database that is in use; resolves with its path. */
export async function backup({ db, folder, keep, clock }: BackupOptions): Promise<string> {
  await mkdir(folder, { recursive: true });
  // Names that sort by time. Two backups of one millisecond are two files all the same.
  const time = new Date(clock.now()).toISOString().replaceAll(':', '-');
  const file = join(folder, `${time}-${randomUUID()}${ENDING}`);
  const unfinished = `${file}.part`;
  try {
    // SQLite's own copy: it reads as a transaction does, so it sees all that is committed, also what is only in the
    // -wal file, and nothing that is not. Between its steps the event loop turns.
    await db.backup(unfinished);
    mustBeSound(unfinished);
    await rename(unfinished, file);
  } catch (error) {
    await removeDatabase(unfinished);
    throw error;
  }
  // Only now, when there is a new one that is good, may an old one go.
  const all = (await readdir(folder)).filter((name) => name.endsWith(ENDING)).toSorted();
  for (const old of all.slice(0, -keep)) await rm(join(folder, old));
  return file;
}

/** Puts a backup in the place of a database that nobody has open. */
export async function restore({ from, to }: { from: string; to: string }): Promise<void> {
  const next = `${to}.restoring`;
  try {
    // What is looked at is the copy: it is what will be used, and it lies on the same disk as `to`.
    await copyFile(from, next);
    if ((await stat(next)).size === 0) throw new Error(`${from} is empty`);
    mustBeSound(next);
    // The log of a program that crashed belongs to the old content; over the new one it would be replayed. It goes
    // first: should we be stopped here, the old content, which is not wanted, lacks its last writes.
    await rm(`${to}-wal`, { force: true });
    await rm(`${to}-shm`, { force: true });
    await rename(next, to);
  } finally {
    await removeDatabase(next);
  }
}

/** Throws unless SQLite finds the file sound. It is opened for writing, so that nothing stays beside it. */
function mustBeSound(file: string): void {
  const db = new Database(file, { fileMustExist: true });
  try {
    const found = db.pragma('integrity_check', { simple: true });
    if (found !== 'ok') throw new Error(`${file} is damaged: ${String(found)}`);
  } finally {
    db.close();
  }
}

async function removeDatabase(file: string): Promise<void> {
  for (const each of [file, `${file}-wal`, `${file}-shm`]) await rm(each, { force: true });
}
