import {
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { openFile } from './file.ts';
import type { OpenedFile } from './file.ts';
import { migrate } from './format.ts';
import { insertAttempt, readStates } from './record.ts';
import { temporaryFolder } from './testing/folder.ts';
import { samplePass } from './testing/sample.ts';

const NOW = Date.UTC(2026, 2, 1, 9, 30);
const ASIDE = 'progress.damaged-2026-03-01T09-30-00-000Z.sqlite';
const OPTIONS = { busyTimeoutMs: 1_000, now: () => NOW, suspect: false };
const PAGE = 4096;

test('a new file is begun, with its folder, without a word', () => {
  const file = path.join(temporaryFolder(), 'deep', '.workbook', 'progress.sqlite');
  const opened = open(file);
  expect(opened.notes).toEqual([]);
  expect([...readStates(opened.db)]).toEqual([]);
  opened.db.close();
});

test('all that was written is in the one file: a rollback journal, flushed with every commit', () => {
  const file = fileWith(3);
  expect(readdirSync(path.dirname(file)).sort()).toEqual(['progress.sqlite', 'progress.sqlite.lock']);
  const { db } = open(file);
  expect(db.pragma('journal_mode', { simple: true })).toBe('delete');
  expect(db.pragma('synchronous', { simple: true })).toBe(3);
  db.close();
});

describe('a damaged file', () => {
  const damages: [string, (file: string) => void][] = [
    ['that is no database', (file) => writeFileSync(file, '{"passed":["01-http-server"]}')],
    ['of zero bytes all through', (file) => writeFileSync(file, Buffer.alloc(8 * PAGE))],
    ['that was cut off in the middle', (file) => truncateSync(file, 10 * PAGE)],
    ['that was cut off inside its first page', (file) => truncateSync(file, 300)],
    ['with garbage over a page in the middle', (file) => overwrite(file, 9 * PAGE, PAGE)],
    ['with garbage inside the first page', (file) => overwrite(file, 100, 400)],
    ['with garbage all over its second half', (file) => overwrite(file, 8 * PAGE, 12 * PAGE)],
    ['that lost a table', (file) => change(file, 'DROP TABLE attempt')],
    ['that holds something else', (file) => change(file, 'PRAGMA application_id = 7')],
  ];

  test.each(damages)('%s is kept under another name, and a new one is begun', (_, damage) => {
    const file = fileWith(200);
    damage(file);
    const bytes = readFileSync(file);
    const opened = open(file);
    expect(opened.notes).toHaveLength(1);
    expect(opened.notes[0]).toContain(file);
    expect(opened.notes[0]).toContain(ASIDE);
    expect(opened.notes[0]).toContain('npm run check -- --all');
    expect(readFileSync(path.join(path.dirname(file), ASIDE)).equals(bytes)).toBe(true);
    insertAttempt(opened.db, samplePass('02-sql'));
    expect([...readStates(opened.db).keys()]).toEqual(['02-sql']);
    opened.db.close();

    const again = open(file);
    expect(again.notes).toEqual([]);
    expect([...readStates(again.db).keys()]).toEqual(['02-sql']);
    again.db.close();
  });

  test('takes its journal, log and shared memory along', () => {
    const file = fileWith(1);
    writeFileSync(file, 'no database');
    for (const end of ['-journal', '-wal', '-shm']) writeFileSync(file + end, `its ${end}`);
    open(file).db.close();
    for (const end of ['-journal', '-wal', '-shm']) {
      expect(readFileSync(path.join(path.dirname(file), ASIDE + end), 'utf8')).toBe(`its ${end}`);
    }
    expect(readdirSync(path.dirname(file))).not.toContain('progress.sqlite-journal');
  });

  // Windows renames no file that is open; there the message asks to close the other program.
  test.skipIf(process.platform === 'win32')('is set aside although it is open elsewhere', () => {
    const file = fileWith(200);
    const other = new BetterSqlite3(file);
    other.prepare('SELECT count(*) FROM exercise').get();
    overwrite(file, 9 * PAGE, PAGE);
    const opened = open(file);
    expect(opened.notes).toHaveLength(1);
    opened.db.close();
    other.close();
  });
});

test('an empty file is begun anew, and said', () => {
  const file = fileWith(5);
  truncateSync(file, 0);
  const opened = open(file);
  expect(opened.notes).toHaveLength(1);
  expect(opened.notes[0]).toContain('was empty');
  expect(opened.notes[0]).toContain('npm run check -- --all');
  opened.db.close();
});

test('a file of a newer format is left as it is, byte for byte', () => {
  const file = fileWith(2);
  change(file, 'CREATE TABLE later (a); PRAGMA user_version = 99');
  const bytes = readFileSync(file);
  const opened = openFile(BetterSqlite3, file, OPTIONS);
  expect(opened).toMatchObject({ ok: false, reason: 'newer' });
  expect(!opened.ok && opened.message).toContain('Update the workbook');
  expect(readFileSync(file).equals(bytes)).toBe(true);
  expect(readdirSync(path.dirname(file)).sort()).toEqual(['progress.sqlite', 'progress.sqlite.lock']);
});

test('a file of an older format is taken over without a word, with all that it holds', () => {
  const file = olderFile();
  change(file, `INSERT INTO exercise (exercise, passed_at) VALUES ('01-a', 7)`);
  const opened = open(file);
  expect(opened.notes).toEqual([]);
  expect(readStates(opened.db).get('01-a')).toMatchObject({ passedAt: 7, solutionShownAt: null });
  opened.db.close();
  expect(readdirSync(path.dirname(file)).sort()).toEqual(['progress.sqlite', 'progress.sqlite.lock']);
});

test('a file of an older format that lacks a table is set aside', () => {
  const file = olderFile();
  change(file, 'DROP TABLE exercise');
  const opened = open(file);
  expect(opened.notes).toEqual([expect.stringContaining('it lacks table exercise')]);
  opened.db.close();
  expect(readdirSync(path.dirname(file))).toContain(ASIDE);
});

test('a lock file that something else wrote into is used all the same', () => {
  const file = path.join(temporaryFolder(), 'progress.sqlite');
  writeFileSync(`${file}.lock`, 'some text');
  const opened = open(file);
  expect(opened.notes).toEqual([]);
  opened.db.close();
});

test('where the folder cannot be created, the message names it and what to do', () => {
  const folder = temporaryFolder();
  writeFileSync(path.join(folder, '.workbook'), 'a file');
  const opened = openFile(BetterSqlite3, path.join(folder, '.workbook', 'progress.sqlite'), OPTIONS);
  expect(opened).toMatchObject({ ok: false, reason: 'unwritable' });
  expect(!opened.ok && opened.message).toContain(path.join(folder, '.workbook'));
  expect(!opened.ok && opened.message).toContain('write permission');
});

test('where a folder has the name of the file, the message says what SQLite said', () => {
  const file = path.join(temporaryFolder(), 'progress.sqlite');
  mkdirSync(file);
  const opened = openFile(BetterSqlite3, file, OPTIONS);
  expect(opened).toMatchObject({ ok: false, reason: 'unwritable' });
  expect(!opened.ok && opened.message).toContain(`${file} could not be opened`);
});

test('a file that another process keeps locked is neither damaged nor waited for without end', () => {
  const file = fileWith(1);
  const other = new BetterSqlite3(file);
  other.exec('BEGIN EXCLUSIVE');
  const opened = openFile(BetterSqlite3, file, { ...OPTIONS, busyTimeoutMs: 1 });
  expect(opened).toMatchObject({ ok: false, reason: 'unwritable' });
  expect(!opened.ok && opened.message).toContain('Another process keeps the file locked');
  other.close();
  const later = open(file);
  expect(later.notes).toEqual([]);
  expect(readStates(later.db).size).toBe(1);
  later.db.close();
});

function open(file: string): OpenedFile {
  const opened = openFile(BetterSqlite3, file, OPTIONS);
  if (!opened.ok) throw new Error(opened.message);
  return opened;
}

/** A progress file with `count` passes; 200 of them take more than 20 pages. */
function fileWith(count: number): string {
  const file = path.join(temporaryFolder(), 'progress.sqlite');
  const { db } = open(file);
  db.transaction(() => {
    for (let number = 0; number < count; number++) insertAttempt(db, samplePass(`exercise-${number}`));
  }).immediate();
  db.close();
  return file;
}

/** A progress file as the first version of the workbook began it. */
function olderFile(): string {
  const file = path.join(temporaryFolder(), 'progress.sqlite');
  const db = new BetterSqlite3(file);
  migrate(db, 1);
  db.close();
  return file;
}

function change(file: string, sql: string): void {
  const db = new BetterSqlite3(file);
  db.exec(sql);
  db.close();
}

/** Writes bytes that follow no pattern of SQLite over a part of the file. */
function overwrite(file: string, start: number, length: number): void {
  const descriptor = openSync(file, 'r+');
  writeSync(descriptor, Buffer.alloc(length, 0xa7), 0, length, start);
  closeSync(descriptor);
}
