import BetterSqlite3 from 'better-sqlite3';
import { expect, test } from 'vitest';
import { FORMAT_VERSION, migrate, missingParts, readFormat } from './format.ts';
import { readCards } from './quiz.ts';
import { readStates } from './record.ts';
import { UNTRIED } from './state.ts';

test('a database without content is empty, and current after migration', () => {
  const db = new BetterSqlite3(':memory:');
  expect(readFormat(db)).toBe('empty');
  migrate(db);
  expect(readFormat(db)).toBe('current');
  expect(missingParts(BetterSqlite3, db)).toEqual([]);
});

test('migrating a current file changes nothing', () => {
  const db = new BetterSqlite3(':memory:');
  migrate(db);
  db.prepare(`INSERT INTO exercise (exercise) VALUES ('01-a')`).run();
  migrate(db);
  expect(db.prepare('SELECT exercise FROM exercise').pluck().all()).toEqual(['01-a']);
});

test('a higher version is newer', () => {
  const db = new BetterSqlite3(':memory:');
  migrate(db);
  db.pragma(`user_version = ${FORMAT_VERSION + 1}`);
  expect(readFormat(db)).toBe('newer');
});

test.each([0, 1, 99])(
  'a database of something else is foreign, whatever version it states: %i',
  (version) => {
    const db = new BetterSqlite3(':memory:');
    db.exec('CREATE TABLE recipe (name TEXT)');
    db.pragma(`user_version = ${version}`);
    expect(readFormat(db)).toBe('foreign');
  },
);

test('a missing or changed part is named, an additional one is not', () => {
  const db = new BetterSqlite3(':memory:');
  migrate(db);
  db.exec('CREATE VIEW passes AS SELECT exercise FROM exercise');
  expect(missingParts(BetterSqlite3, db)).toEqual([]);
  db.exec('DROP INDEX attempt_of_exercise; ALTER TABLE exercise DROP COLUMN skipped_at');
  expect(missingParts(BetterSqlite3, db)).toEqual(['index attempt_of_exercise', 'table exercise']);
});

test('a file of the first format is brought to the current one, and keeps all that it holds', () => {
  const db = new BetterSqlite3(':memory:');
  migrate(db, 1);
  db.exec(`INSERT INTO exercise (exercise, rules, passed_at, skipped_at) VALUES ('01-a', '[]', 7, 9)`);
  expect(readFormat(db)).toBe('older');
  expect(missingParts(BetterSqlite3, db)).toEqual([]);
  migrate(db);
  expect(readFormat(db)).toBe('current');
  expect(missingParts(BetterSqlite3, db)).toEqual([]);
  expect(readStates(db).get('01-a')).toEqual({ ...UNTRIED, passedAt: 7, skipped: true });
});

test('a file of the second format keeps its hints, and learns of the quiz', () => {
  const db = new BetterSqlite3(':memory:');
  migrate(db, 2);
  db.exec(`INSERT INTO exercise (exercise) VALUES ('01-a'); INSERT INTO hint VALUES ('01-a', 'R1', 2, 5)`);
  expect(readFormat(db)).toBe('older');
  migrate(db);
  expect(readFormat(db)).toBe('current');
  expect(missingParts(BetterSqlite3, db)).toEqual([]);
  expect(readStates(db).get('01-a')?.hints.get('R1')).toBe(2);
  expect(readCards(db).size).toBe(0);
});

test('an older file is measured by its own format', () => {
  const db = new BetterSqlite3(':memory:');
  migrate(db, 1);
  db.exec('DROP TABLE attempt');
  expect(missingParts(BetterSqlite3, db)).toEqual(['table attempt', 'index attempt_of_exercise']);
});
