import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder, writeFiles } from '../catalog/temp-workbook.ts';
import { readBroken } from './broken.ts';
import type { BrokenRead } from './broken.ts';

const bases = new Map([['variants/other', new Map([['src/a.ts', 'export const a = 1;\n']])]]);

/** What is read of one file of this text. */
function readOne(text: string): BrokenRead | undefined {
  const folder = temporaryFolder();
  writeFiles(folder, { 'broken/one.yaml': text });
  return readBroken(join(folder, 'broken'), bases, new Set(['known']))[0];
}

const yaml = ({ of = 'variants/other', diagnosis = 'known', find = '= 1' } = {}): string => `
of: ${of}
fault: The value is another one than it should be.
breaks: [R1]
diagnosis: ${diagnosis}
edits:
  - { file: src/a.ts, find: "${find}", replace: "= 2" }
`;

test('a broken program is the right one with its edits', () => {
  expect(readOne(yaml())).toEqual({
    ok: true,
    broken: {
      name: 'one',
      of: 'variants/other',
      breaks: ['R1'],
      mayBreak: [],
      cause: 'known',
      files: new Map([['src/a.ts', 'export const a = 2;\n']]),
    },
  });
});

test('no diagnosis means that no mistake is in it', () => {
  expect(readOne(yaml({ diagnosis: 'none' }))).toMatchObject({ ok: true, broken: { cause: null } });
});

test.each([
  ['a program that is not there', yaml({ of: 'variants/nobody' }), 'there is no variants/nobody'],
  ['a mistake that is not there', yaml({ diagnosis: 'unheard' }), 'no mistake is called unheard'],
  ['an edit that does not fit', yaml({ find: '= 7' }), 'stands 0 times'],
  ['a key that is missing', 'of: variants/other', 'breaks'],
  ['text that is no YAML', ': : [', 'cannot be read'],
])('%s is named, with the file', (_, text, words) => {
  const read = readOne(text);
  expect(read).toMatchObject({ ok: false, problem: expect.stringContaining('broken/one.yaml: ') });
  expect(read).toMatchObject({ problem: expect.stringContaining(words) });
});

test('an exercise without broken programs has none', () => {
  expect(readBroken(join(temporaryFolder(), 'broken'), bases, new Set())).toEqual([]);
});
