import { join } from 'node:path';
import { expect, test } from 'vitest';
import { packageFolders } from './packages.ts';

const root = process.cwd();
const names = (packages: string[]): string[] =>
  packageFolders(root, packages).map((folder) => folder.slice(join(root, 'node_modules').length + 1));

test('a package comes with all that it depends on, and with nothing else', () => {
  const found = names(['better-sqlite3']);
  expect(found).toContain('better-sqlite3');
  expect(found).toContain('bindings');
  expect(found).toContain('file-uri-to-path');
  expect(found).not.toContain('express');
});

test('dependencies of dependencies are there, each folder once', () => {
  const found = names(['express']);
  expect(found).toEqual(expect.arrayContaining(['express', 'body-parser', 'qs']));
  expect(new Set(found).size).toBe(found.length);
  expect(found).not.toContain('vitest');
});

test('no package, no folder; and one that is not installed is left out', () => {
  expect(names([])).toEqual([]);
  expect(names(['no-such-package-anywhere'])).toEqual([]);
});
