import Sqlite, { type Database } from 'better-sqlite3';
import { randomBytes } from 'node:crypto';
import { copyFile, mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';

export type BackupOptions = { db: Database; folder: string; keep: number; clock: { now(): number } };

/** The count tells backups of one millisecond apart. */
const NAME = /^at-(\d{16})-(\d{6})\.sqlite$/;

async function backups(folder: string): Promise<string[]> {
  return (await readdir(folder)).filter((name) => NAME.test(name)).toSorted();
}

export async function backup({ db, folder, keep, clock }: BackupOptions): Promise<string> {
  await mkdir(folder, { recursive: true });
  const stem = `at-${String(clock.now()).padStart(16, '0')}`;
  const count = (await backups(folder)).filter((name) => name.startsWith(stem)).length;
  const file = join(folder, `${stem}-${String(count).padStart(6, '0')}.sqlite`);
  try {
    db.prepare('VACUUM INTO ?').run(file);
  } catch (error) {
    await rm(file, { force: true });
    throw error;
  }
  for (const old of (await backups(folder)).slice(0, -keep)) await rm(join(folder, old), { force: true });
  return file;
}

function isWhole(file: string): boolean {
  const db = new Sqlite(file);
  try {
    // No file may be needed beside the one that is moved.
    db.pragma('journal_mode = DELETE');
    return db.pragma('integrity_check', { simple: true }) === 'ok';
  } finally {
    db.close();
  }
}

export async function restore({ from, to }: { from: string; to: string }): Promise<void> {
  if ((await stat(from)).size === 0) throw new Error(`${from} is empty`);
  const copy = join(dirname(to), `restore-${randomBytes(6).toString('hex')}`);
  try {
    await copyFile(from, copy);
    if (!isWhole(copy)) throw new Error(`${from} is damaged`);
    for (const beside of ['-wal', '-shm', '-journal']) await rm(to + beside, { force: true });
    await rename(copy, to);
  } finally {
    for (const end of ['', '-wal', '-shm', '-journal']) await rm(copy + end, { force: true });
  }
}
