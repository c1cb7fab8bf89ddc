import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { RenameLock } from './rename-lock.ts';
import { fileProblem } from './sqlite.ts';
import { temporaryFolder } from './testing/folder.ts';

test('many may hold it shared at once', () => {
  const [one, two] = twoLocks();
  expect(one.shared(() => two.shared(() => 'both'))).toBe('both');
});

test('nobody holds it alone while it is shared', () => {
  const [one, two] = twoLocks();
  expect(one.shared(() => problemOf(() => two.alone(() => 'in')))).toBe('busy');
  expect(two.alone(() => 'in')).toBe('in');
});

test('nobody shares it while somebody holds it alone', () => {
  const [one, two] = twoLocks();
  expect(one.alone(() => problemOf(() => two.shared(() => 'in')))).toBe('busy');
  expect(two.shared(() => 'in')).toBe('in');
});

test('it is free again after the work threw', () => {
  const [one, two] = twoLocks();
  const fail = () => {
    throw new Error('the work failed');
  };
  expect(() => one.alone(fail)).toThrow('the work failed');
  expect(() => one.shared(fail)).toThrow('the work failed');
  expect(two.alone(() => 'in')).toBe('in');
});

test('its file stays empty', () => {
  const file = path.join(temporaryFolder(), 'progress.sqlite');
  const lock = open(file);
  lock.alone(() => 'in');
  expect(readFileSync(`${file}.lock`)).toHaveLength(0);
  expect(existsSync(file)).toBe(false);
});

test('a file that something else wrote into is emptied and used', () => {
  const file = path.join(temporaryFolder(), 'progress.sqlite');
  writeFileSync(`${file}.lock`, 'some text');
  const [one, two] = [open(file), open(file)];
  expect(one.shared(() => problemOf(() => two.alone(() => 'in')))).toBe('busy');
});

test('where its file cannot be made, work is shared without it, and nobody works alone', () => {
  const file = path.join(temporaryFolder(), 'progress.sqlite');
  mkdirSync(`${file}.lock`);
  const lock = open(file);
  expect(lock.shared(() => 'in')).toBe('in');
  expect(problemOf(() => lock.alone(() => 'in'))).toBe('read-only');
});

function twoLocks(): [RenameLock, RenameLock] {
  const file = path.join(temporaryFolder(), 'progress.sqlite');
  return [open(file), open(file)];
}

function open(file: string): RenameLock {
  const lock = new RenameLock(BetterSqlite3, file, 0);
  onTestFinished(() => lock.close());
  return lock;
}

function problemOf(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return fileProblem(error);
  }
}
