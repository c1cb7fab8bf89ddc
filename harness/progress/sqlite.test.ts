import { cpSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { openProgress } from './progress.ts';
import { fileProblem, loadSqlite } from './sqlite.ts';
import { temporaryFolder } from './testing/folder.ts';

const require = createRequire(import.meta.url);

describe('loadSqlite', () => {
  test('loads the installed package', () => {
    const loaded = loadSqlite(import.meta.url);
    expect(loaded.ok && new loaded.Sqlite(':memory:').open).toBe(true);
  });

  test('without the package, names npm ci', () => {
    const folder = temporaryFolder();
    const message = messageOf(path.join(folder, 'check.js'));
    expect(message).toContain('better-sqlite3 is not installed');
    expect(message).toContain('npm ci');
  });

  test('without the native part, names the cause and npm rebuild', () => {
    const folder = temporaryFolder();
    installWithoutNativePart(folder);
    const message = messageOf(path.join(folder, 'check.js'));
    expect(message).toContain('native part is missing');
    expect(message).toContain('npm 12 runs no install script unless it is allowed');
    expect(message).toContain('"npm rebuild better-sqlite3"');
    expect(message).toContain('compiler');
  });

  test('with a native part that cannot be loaded, says what Node.js said', () => {
    const folder = temporaryFolder();
    const release = path.join(installWithoutNativePart(folder), 'build', 'Release');
    mkdirSync(release, { recursive: true });
    writeFileSync(path.join(release, 'better_sqlite3.node'), 'built for something else');
    const message = messageOf(path.join(folder, 'check.js'));
    expect(message).toContain('does not fit this Node.js');
    expect(message).toContain('"npm rebuild better-sqlite3"');
    expect(message.split('\n').at(-1)).toMatch(/^\(.*better_sqlite3\.node.*\)$/);
  });

  test('openProgress answers with the reason, and writes nothing', () => {
    const folder = temporaryFolder();
    const file = path.join(folder, '.workbook', 'progress.sqlite');
    const opened = openProgress(file, { loadFrom: path.join(folder, 'check.js') });
    expect(opened).toMatchObject({ ok: false, reason: 'native-module' });
    expect(readdirSync(folder)).toEqual([]);
  });
});

test.each([
  ['SQLITE_CORRUPT', 'damaged'],
  ['SQLITE_CORRUPT_INDEX', 'damaged'],
  ['SQLITE_NOTADB', 'damaged'],
  ['SQLITE_READONLY_DBMOVED', 'moved'],
  ['SQLITE_READONLY', 'read-only'],
  ['SQLITE_CANTOPEN', 'read-only'],
  ['SQLITE_BUSY', 'busy'],
  ['SQLITE_FULL', 'full'],
  ['SQLITE_IOERR_WRITE', 'input-output'],
  ['SQLITE_CONSTRAINT_CHECK', null],
  ['SQLITE_ERROR', null],
])('%s is understood as %s', (code, problem) => {
  expect(fileProblem(Object.assign(new Error('said'), { code }))).toBe(problem);
});

test('what is no error of SQLite is no problem of the file', () => {
  expect([new TypeError('a bug'), 'SQLITE_FULL', null].map(fileProblem)).toEqual([null, null, null]);
});

function messageOf(from: string): string {
  const loaded = loadSqlite(from);
  return loaded.ok ? 'it was loaded' : loaded.message;
}

/** A node_modules with better-sqlite3 as npm leaves it when it runs no install script. Returns the package's folder. */
function installWithoutNativePart(folder: string): string {
  const modules = path.join(folder, 'node_modules');
  const own = createRequire(require.resolve('better-sqlite3'));
  const bindings = own.resolve('bindings');
  const fileUri = createRequire(bindings).resolve('file-uri-to-path');
  cpSync(path.dirname(bindings), path.join(modules, 'bindings'), { recursive: true });
  cpSync(path.dirname(fileUri), path.join(modules, 'file-uri-to-path'), { recursive: true });
  const source = path.dirname(require.resolve('better-sqlite3/package.json'));
  const target = path.join(modules, 'better-sqlite3');
  cpSync(path.join(source, 'lib'), path.join(target, 'lib'), { recursive: true });
  cpSync(path.join(source, 'package.json'), path.join(target, 'package.json'));
  return target;
}
