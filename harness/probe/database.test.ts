import { mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { build, builtStamp, sourceStamp } from '../build/build.mjs';
import { LEVELS } from '../subject/testing/levels.ts';
import { breakTables, dumpDatabase, healTables, lockDatabase, queryDatabase } from './database.ts';
import { SpareProbes } from './spare.ts';

const root = process.cwd();
const built = join(root, '.workbook', 'build');
const folders: string[] = [];

beforeAll(async () => {
  if (builtStamp(root) !== sourceStamp(root)) await build(root);
});

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

function newFile(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'probe-database-')));
  folders.push(folder);
  return join(folder, 'app.sqlite');
}

function seeded(): string {
  const file = newFile();
  const database = new Sqlite(file);
  database.exec(
    "CREATE TABLE books (id INTEGER PRIMARY KEY, title TEXT); INSERT INTO books VALUES (1, 'One'), (2, NULL)",
  );
  database.close();
  return file;
}

describe.each(LEVELS)('at isolation level %s', (isolation) => {
  const place = { build: built, isolation };

  test('runs statements in one transaction and answers with the rows of the last', async () => {
    const file = seeded();
    const outcome = await queryDatabase(place, file, [
      { sql: 'INSERT INTO books (title) VALUES (?)', params: ['Three'] },
      { sql: 'SELECT id, title FROM books WHERE id > @low ORDER BY id', params: { low: 1 } },
    ]);
    expect(outcome).toEqual({
      ok: true,
      rows: [
        { id: 2, title: null },
        { id: 3, title: 'Three' },
      ],
    });
    const failed = await queryDatabase(place, file, [
      { sql: 'DELETE FROM books', params: [] },
      { sql: 'SELECT nonsense', params: [] },
    ]);
    expect(failed).toEqual({ ok: false, why: expect.stringContaining('nonsense') as string });
    expect(
      await queryDatabase(place, file, [{ sql: 'SELECT count(*) AS n FROM books', params: [] }]),
    ).toEqual({
      ok: true,
      rows: [{ n: 3 }],
    });
  });

  test('tells every value of every table', async () => {
    const outcome = await dumpDatabase(place, seeded());
    expect(outcome.ok && outcome.rows).toEqual([
      { table: 'books', column: 'id', value: 1 },
      { table: 'books', column: 'title', value: 'One' },
      { table: 'books', column: 'id', value: 2 },
      { table: 'books', column: 'title', value: null },
    ]);
  });

  test('broken tables fail an open program, and heal', async () => {
    const file = seeded();
    const program = new Sqlite(file);
    const count = program.prepare('SELECT count(*) AS n FROM books');
    await breakTables(place, file);
    expect(() => count.get()).toThrow(expect.objectContaining({ code: 'SQLITE_ERROR' }) as Error);
    await healTables(place, file);
    expect(count.get()).toEqual({ n: 2 });
    program.close();
  });

  test('a lock keeps another program from writing until it is released', async () => {
    const file = seeded();
    const program = new Sqlite(file, { timeout: 0 });
    const lock = await lockDatabase(place, file);
    expect(() => program.exec("INSERT INTO books (title) VALUES ('late')")).toThrow(
      expect.objectContaining({ code: 'SQLITE_BUSY' }) as Error,
    );
    await lock.release();
    program.exec("INSERT INTO books (title) VALUES ('in time')");
    program.close();
  });

  test('a reader lets a program write in WAL mode, and keeps what it writes out of the database file', async () => {
    const file = seeded();
    const program = new Sqlite(file, { timeout: 0 });
    program.pragma('journal_mode = WAL');
    const lock = await lockDatabase(place, file, true);
    program.exec("INSERT INTO books (title) VALUES ('meanwhile')");
    program.pragma('wal_checkpoint(TRUNCATE)');
    expect(statSync(`${file}-wal`).size).toBeGreaterThan(0);
    await lock.release();
    program.pragma('wal_checkpoint(TRUNCATE)');
    expect(statSync(`${file}-wal`).size).toBe(0);
    program.close();
  });

  test('a link in the place of the database is refused', async () => {
    const file = newFile();
    symlinkSync(seeded(), file);
    expect(await dumpDatabase(place, file)).toEqual({ ok: false, why: 'the database is no regular file' });
  });

  test('garbage and a missing file are answers and not exceptions', async () => {
    const file = newFile();
    expect(await dumpDatabase(place, file)).toEqual({ ok: false, why: 'there is no database yet' });
    writeFileSync(file, 'no database at all, but long enough to be looked at as one '.repeat(40));
    const outcome = await dumpDatabase(place, file);
    expect(outcome).toEqual({ ok: false, why: expect.stringContaining('not a database') as string });
  });

  test('a view that never ends is ended from outside', async () => {
    const file = seeded();
    const endless = 'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n';
    const outcome = await queryDatabase(place, file, [{ sql: endless, params: [] }], 700);
    expect(outcome).toEqual({ ok: false, why: 'reading what was written took more than 0.7 seconds' });
  });
});

test.runIf(process.platform === 'linux')(
  'a probe that gets nothing of the processor is waited for, and not for ever',
  async () => {
    const file = seeded();
    const one = [{ sql: 'SELECT 1 AS n', params: [] }];
    const asked = async (wakes: boolean) => {
      const spares = new SpareProbes({ build: built }, dirname(file));
      spares.add();
      const probe = spares.take();
      probe?.child.kill('SIGSTOP');
      const outcome = queryDatabase({ build: built }, file, one, 300, probe);
      // Within the second of the three times that it is given.
      const waking = wakes ? setTimeout(() => probe?.child.kill('SIGCONT'), 350) : undefined;
      const told = await outcome;
      clearTimeout(waking);
      return told;
    };
    expect(await asked(true)).toEqual({ ok: true, rows: [{ n: 1 }] });
    expect(await asked(false)).toMatchObject({
      ok: false,
      why: expect.stringContaining('took more than') as string,
    });
  },
);
