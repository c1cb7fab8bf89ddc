import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { expect, test } from 'vitest';
import { hasForeignHeader } from './header.ts';
import { temporaryFolder } from './testing/folder.ts';

test('a database has no foreign header', () => {
  const file = path.join(temporaryFolder(), 'progress.sqlite');
  const db = new BetterSqlite3(file);
  db.exec('CREATE TABLE t (a)');
  db.close();
  expect(hasForeignHeader(file)).toBe(false);
});

test.each(['{"passed":["01"]}', 'SQLite', '\0'.repeat(4096)])('other content has: %j', (content) => {
  const file = path.join(temporaryFolder(), 'progress.sqlite');
  writeFileSync(file, content);
  expect(hasForeignHeader(file)).toBe(true);
});

test('what cannot be read or is empty is left to SQLite', () => {
  const folder = temporaryFolder();
  writeFileSync(path.join(folder, 'empty'), '');
  mkdirSync(path.join(folder, 'folder'));
  expect(['absent', 'empty', 'folder'].map((name) => hasForeignHeader(path.join(folder, name)))).toEqual([
    false,
    false,
    false,
  ]);
});

test('a file with a real journal is left to SQLite, which may roll it back', () => {
  const file = path.join(temporaryFolder(), 'progress.sqlite');
  writeFileSync(file, 'torn');
  writeFileSync(`${file}-journal`, 'some text');
  expect(hasForeignHeader(file)).toBe(true);
  writeFileSync(`${file}-journal`, Buffer.from('d9d505f920a163d7000000', 'hex'));
  expect(hasForeignHeader(file)).toBe(false);
});
