import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { setAside } from './aside.ts';
import { temporaryFolder } from './testing/folder.ts';

const NOW = Date.UTC(2026, 2, 1, 9, 30);

test('a file is renamed with its companions, under a name that says when', () => {
  const folder = temporaryFolder();
  for (const end of ['', '-journal', '-wal', '-shm']) {
    writeFileSync(path.join(folder, `progress.sqlite${end}`), `not a database${end}`);
  }
  writeFileSync(path.join(folder, 'progress.sqlite.lock'), '');
  const aside = setAside(path.join(folder, 'progress.sqlite'), NOW);
  expect(path.basename(aside)).toBe('progress.damaged-2026-03-01T09-30-00-000Z.sqlite');
  expect(readdirSync(folder).sort()).toEqual([
    'progress.damaged-2026-03-01T09-30-00-000Z.sqlite',
    'progress.damaged-2026-03-01T09-30-00-000Z.sqlite-journal',
    'progress.damaged-2026-03-01T09-30-00-000Z.sqlite-shm',
    'progress.damaged-2026-03-01T09-30-00-000Z.sqlite-wal',
    'progress.sqlite.lock',
  ]);
  for (const end of ['', '-journal', '-wal', '-shm']) {
    expect(readFileSync(aside + end, 'utf8')).toBe(`not a database${end}`);
  }
});

test('a second file of the same moment gets a name of its own', () => {
  const folder = temporaryFolder();
  const file = path.join(folder, 'progress.sqlite');
  const contents = ['one', 'two', 'three'];
  const names = contents.map((content) => {
    writeFileSync(file, content);
    return setAside(file, NOW);
  });
  expect(new Set(names).size).toBe(3);
  expect(names.map((name) => readFileSync(name, 'utf8'))).toEqual(contents);
});
