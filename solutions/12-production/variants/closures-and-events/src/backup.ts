import Database from 'better-sqlite3';
import * as fs from 'node:fs';
import * as path from 'node:path';

export type BackupOptions = { db: Database.Database; folder: string; keep: number; clock: { now(): number } };

// Bytes 18 and 19 of a database say how it is written: 1 with a rollback journal, 2 with a WAL.
const alone = (bytes: Buffer): Buffer => {
  bytes.fill(1, 18, 20);
  return bytes;
};

const madeAt = (name: string): [number, number] => {
  const [, ms = '0', count = '0'] = /(\d+)_(\d+)/.exec(name) ?? [];
  return [Number(ms), Number(count)];
};

export function backup({ db, folder, keep, clock }: BackupOptions): Promise<string> {
  return new Promise((resolve) => {
    fs.mkdirSync(folder, { recursive: true });
    const bytes = alone(db.serialize());
    const ms = clock.now();
    let count = 0;
    while (fs.existsSync(path.join(folder, `notes_${ms}_${count}.db`))) count += 1;
    const file = path.join(folder, `notes_${ms}_${count}.db`);
    fs.writeFileSync(`${file}.part`, bytes, { flush: true });
    fs.renameSync(`${file}.part`, file);
    const newestFirst = fs.readdirSync(folder).toSorted((a, b) => {
      const [left, right] = [madeAt(a), madeAt(b)];
      return right[0] - left[0] || right[1] - left[1];
    });
    for (const name of newestFirst.slice(keep)) fs.unlinkSync(path.join(folder, name));
    resolve(file);
  });
}

export const restore = async ({ from, to }: { from: string; to: string }): Promise<void> => {
  const bytes = fs.readFileSync(from);
  if (bytes.length === 0) throw new Error('an empty file is no backup');
  const copy = new Database(alone(Buffer.from(bytes)));
  try {
    const [row] = copy.prepare<[], { integrity_check: string }>('PRAGMA integrity_check').all();
    if (row?.integrity_check !== 'ok') throw new Error(`damaged: ${row?.integrity_check}`);
  } finally {
    copy.close();
  }
  ['-wal', '-shm'].forEach((end) => fs.rmSync(to + end, { force: true }));
  fs.writeFileSync(`${to}.new`, alone(bytes), { flush: true });
  fs.renameSync(`${to}.new`, to);
};
