import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { essenceOf } from './expected.ts';
import type { Essence } from './expected.ts';
import { mustBeHarmless } from './harmless.ts';
import { Court } from './judge.ts';
import type { Judged } from './judge.ts';
import { CorpusWorkbook } from './workbook.ts';

/** Programs that no editor and no version control should have to hold: odd names of files, and bombs. */
let book: CorpusWorkbook;
let court: Court;

beforeAll(() => {
  book = new CorpusWorkbook();
  court = new Court(book, 1);
});
afterAll(async () => {
  await court.close();
  book.remove();
});

async function judged(files: Record<string, string>): Promise<{ essence: Essence; judged: Judged }> {
  const result = await court.judge(new Map(Object.entries(files)));
  mustBeHarmless(result, court.exercise.folder);
  return { essence: essenceOf(result.verdict, book.places), judged: result };
}

const NAME = 'src/\u001b[31m\u202e\n::error::red.ts';
const SHOWN = String.raw`\x1b[31m\u202e`;

describe('a file with a name that acts on a terminal', () => {
  test.each([
    ['throws', 'throw new Error("no");', 'load', 'While src/server.ts was loaded, it threw Error: no'],
    ['has a syntax error', 'const = 1;', 'compile', 'Expected identifier but found "="'],
    [
      'imports what it may not',
      `import 'express';`,
      'import',
      'express is not allowed here. This exercise uses no packages.',
    ],
  ])('is named where it %s, harmlessly', async (_what, text, kind, message) => {
    const entry = `import ${JSON.stringify(NAME.replace('src/', './'))};\n`;
    const { essence, judged: shown } = await judged({ 'src/server.ts': entry, [NAME]: text });
    expect(essence).toMatchObject({ status: 'error', points: 0, error: { kind, message } });
    expect(essence.error?.where).toHaveLength(1);
    expect(shown.terminal).toContain(SHOWN);
  });
});

describe('a program that is hard to compile', () => {
  test.each<[string, string]>([
    ['brackets that are never closed', '('.repeat(100_000)],
    ['nested lists', `export const x = ${'['.repeat(50_000)}${']'.repeat(50_000)};`],
    ['nested types', `let x: ${'Array<'.repeat(40_000)}0${'>'.repeat(40_000)};`],
    ['NUL bytes', '\0'.repeat(1000)],
    ['half characters', '\ud800 = \udfff'],
  ])('because of %s is an error of its own', async (_what, text) => {
    const { essence } = await judged({ 'src/server.ts': text });
    expect(essence).toMatchObject({ status: 'error', points: 0, passed: '' });
  });

  test('for ever is given up, and the next one is compiled', async () => {
    const { essence } = await judged({ 'src/server.ts': `export const x = ${'()=>'.repeat(60_000)}0;` });
    expect(essence.error).toEqual({ kind: 'compile', message: TOO_DEEP, where: [] });
    const next = await judged({ 'src/server.ts': 'export const createServer = 1;' });
    expect(next.essence.error?.kind).toBe('export');
  });
});

const TOO_DEEP =
  'Your code could not be read: something in it is nested far too deep, or repeated far too often.';
