import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { essenceOf, expectedEssence } from './expected.ts';
import type { Essence } from './expected.ts';
import { mustBeHarmless } from './harmless.ts';
import { Court } from './judge.ts';
import { processesBelow } from './processes.ts';
import { subjectFiles } from './subject.ts';
import type { CorpusSubject } from './subject.ts';
import { CorpusWorkbook } from './workbook.ts';

/** Checks run side by side: one computes while another waits for a program that hangs. */
const LANES = 3;

/** One test for each subject of a list, and one for what is left when all of them are judged. */
export function testCorpus(list: readonly CorpusSubject[]): void {
  let book: CorpusWorkbook;
  let court: Court;

  beforeAll(() => {
    book = new CorpusWorkbook();
    court = new Court(book, LANES);
  });
  afterAll(async () => {
    await court.close();
    book.remove();
  });

  // Windows has other signals and descriptors; memory is watched on Linux alone.
  const judged = list.filter(({ rows }) => process.platform === 'linux' || !rows.includes('E3'));
  const sideBySide = process.platform === 'win32' ? describe.skip : describe.concurrent;
  sideBySide('a program that', () => {
    test.for(judged.map((subject) => [subject.does, subject] as const))('%s', async ([, subject]) => {
      const result = await court.judge(await subjectFiles(book.root, subject), subject.pace);
      mustBeHarmless(result, court.exercise.folder);
      const essence = essenceOf(result.verdict, book.places);
      // The stub keeps no rule: a single point would be forged.
      if (subject.base === 'stub') expect([essence.points, essence.passed]).toEqual([0, '']);
      const noted = (each: Essence | null) => (subject.unnoted ? { ...each, notes: [] } : each);
      if (!subject.loose) expect(noted(essence)).toEqual(noted(expectedEssence(subject, essence)));
    });
  });

  test('after all of them no process and no file is left', async () => {
    await expect.poll(() => processesBelow(book.temp)).toEqual([]);
    expect(book.leftovers()).toEqual([]);
  });
}
