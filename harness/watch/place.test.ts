import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { keepPlace, readPlace } from './place.ts';

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'workbook-place-'));
  return () => rmSync(root, { recursive: true, force: true });
});

test('what was kept is read, and nothing else is left in the folder', () => {
  keepPlace(root, '01-first');
  keepPlace(root, '02-second');
  expect(readPlace(root)).toBe('02-second');
  expect(readdirSync(join(root, '.workbook'))).toEqual(['watch.json']);
});

test.each(['', '{', '[]', '{"schema":2,"exercise":"01-first"}', '{"schema":1}'])(
  'a damaged place is none: %s',
  (text) => {
    mkdirSync(join(root, '.workbook'));
    writeFileSync(join(root, '.workbook', 'watch.json'), text);
    expect(readPlace(root)).toBeNull();
  },
);

test('a place that cannot be kept stops nobody', () => {
  writeFileSync(join(root, '.workbook'), 'a file where a folder should be');
  keepPlace(root, '01-first');
  expect(readPlace(root)).toBeNull();
});
