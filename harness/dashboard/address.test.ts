import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { keepPort, readPort } from './address.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'workbook-address-'));
  return () => rmSync(root, { recursive: true, force: true });
});

test('the port that was kept is read, and nothing else is left in the folder', () => {
  keepPort(root, 4100);
  keepPort(root, 4101);
  expect(readPort(root)).toBe(4101);
  expect(readdirSync(join(root, '.workbook'))).toEqual(['page.json']);
});

test.each(['', '[]', '{"schema":2,"port":1}', '{"schema":1,"port":70000}'])(
  'a damaged file is none: %s',
  (text) => {
    mkdirSync(join(root, '.workbook'));
    writeFileSync(join(root, '.workbook', 'page.json'), text);
    expect(readPort(root)).toBeNull();
  },
);

test('a port that cannot be kept stops nobody', () => {
  writeFileSync(join(root, '.workbook'), 'a file where a folder should be');
  keepPort(root, 4100);
  expect(readPort(root)).toBeNull();
});
