import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { temporaryFolder, writeFiles } from '../catalog/temp-workbook.ts';
import { openOut, writeEdition } from './out-folder.ts';

const KEY = Buffer.alloc(32).toString('base64');
const about = { about: 'x', key: KEY, exercises: [] };
const files = (texts: Record<string, string>) =>
  new Map(Object.entries(texts).map(([path, text]) => [path, { bytes: Buffer.from(text), mode: 0o644 }]));

/** A workbook, and a place beside it. */
function places(): { root: string; out: string; base: string } {
  const base = temporaryFolder();
  mkdirSync(join(base, 'workbook'));
  return { base, root: join(base, 'workbook'), out: join(base, 'class') };
}

describe('the folder of an edition', () => {
  test.each<[string, (out: string) => void]>([
    ['is new', () => {}],
    ['is empty', (out) => mkdirSync(out)],
    ['is empty but for a repository', (out) => mkdirSync(join(out, '.git'), { recursive: true })],
  ])('%s', async (_what, prepare) => {
    const { root, out } = places();
    prepare(out);
    expect(await openOut(root, out)).toEqual({ ok: true, folder: out, before: null });
  });

  test.each<[string, (out: string) => void, RegExp]>([
    [
      'holds something else',
      (out) => writeFiles(out, { 'a.txt': '', '.b': '' }),
      /not empty.*"\.b", "a\.txt"/,
    ],
    ['is a file', (out) => writeFileSync(out, ''), /names a file/],
    [
      'holds a damaged edition',
      (out) => writeFiles(out, { 'edition.json': '{}' }),
      /is damaged\. edition\.json/,
    ],
    [
      'holds an edition of a later format',
      (out) => writeFiles(out, { 'edition.json': JSON.stringify({ ...about, schema: 2, files: [] }) }),
      /is damaged/,
    ],
  ])('is refused where it %s', async (_what, prepare, message) => {
    const { root, out } = places();
    prepare(out);
    const opened = await openOut(root, out);
    expect(opened.ok ? '' : opened.message).toMatch(message);
  });

  test.each(['.', 'exercises/new', '..'])(
    'is refused where it is the workbook, in it or around it: %s',
    async (where) => {
      const { root } = places();
      const opened = await openOut(root, join(root, where));
      expect(opened.ok ? '' : opened.message).toContain('Name one beside it');
    },
  );
});

describe('writing', () => {
  test('is done again from where it was cut off, and takes away what neither needs', () => {
    const { out } = places();
    const first = files({ 'a.txt': '1', 'b/c.txt': '2', 'b/d.txt': '3' });
    expect(writeEdition(out, first, about, null).written.toSorted()).toEqual([
      'a.txt',
      'b/c.txt',
      'b/d.txt',
      'edition.json',
    ]);
    const before = {
      ...about,
      schema: 1 as const,
      files: ['a.txt', 'b/c.txt', 'b/d.txt', 'gone.txt', 'edition.json'],
    };
    expect(writeEdition(out, files({ 'a.txt': 'new' }), about, before)).toEqual({
      written: ['edition.json', 'a.txt'],
      removed: ['b/c.txt', 'b/d.txt'],
    });
    expect(readdirSync(out).toSorted()).toEqual(['a.txt', 'edition.json']);
    expect(writeEdition(out, files({ 'a.txt': 'new' }), about, null)).toEqual({ written: [], removed: [] });
  });

  test('puts no file in the place of a folder', () => {
    const { out } = places();
    writeFiles(out, { 'a.txt/mine': 'x' });
    expect(() => writeEdition(out, files({ 'a.txt': '1' }), about, null)).toThrow(
      /a\.txt in the folder of --out is in the way/,
    );
  });
});
