import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { run, smallWorkbook } from './testing/fake-context.ts';
import { recordAttempt, withProgressOf } from './testing/learner.ts';
import { FIRST, SECOND, writeExercise } from './testing/made-exercises.ts';
import { skipCommand } from './skip.ts';

const skip = (root: string, ...argv: string[]) => run(skipCommand, root, argv);

describe('skip', () => {
  test('marks an exercise, opens what builds on it, and says how to go on and to come back', async () => {
    const root = smallWorkbook();
    expect(await skip(root, FIRST)).toEqual({
      code: 0,
      out: `01-first is skipped. Unlocked: 02-second.
  go on       npm run check 02-second
  come back   npm run check 01-first
`,
      err: '',
    });
    expect(withProgressOf(root, (progress) => progress.state(FIRST))).toMatchObject({
      skipped: true,
      passedAt: null,
    });
  });

  test('says so when it is skipped already', async () => {
    const root = smallWorkbook();
    await skip(root, FIRST);
    const { code, out } = await skip(root, FIRST);
    expect(code).toBe(0);
    expect(out).toContain('01-first is skipped already.\n  go on       npm run check 02-second\n');
  });

  test('leaves a passed exercise alone', async () => {
    const root = smallWorkbook();
    recordAttempt(root, FIRST);
    const { code, out } = await skip(root, FIRST);
    expect([code, out]).toEqual([
      0,
      'You passed 01-first: there is nothing to skip.\n  go on       npm run check 02-second\n',
    ]);
    expect(withProgressOf(root, (progress) => progress.state(FIRST).skipped)).toBe(false);
  });

  test('of a locked exercise says that coming back takes an unlock', async () => {
    const root = smallWorkbook();
    writeExercise(root, '03-third', { requires: [SECOND] });
    expect((await skip(root, SECOND)).out).toBe(`02-second is skipped. Unlocked: 03-third.
  go on       npm run check 01-first
  come back   npm run unlock 02-second
`);
  });

  test('of the last exercise opens nothing, and shows the list as the way on', async () => {
    const root = smallWorkbook();
    await skip(root, FIRST);
    const { out } = await skip(root, SECOND);
    expect(out).toContain(
      '02-second is skipped. No other exercise opens with it.\n  go on       npm run list\n',
    );
  });

  test('of a damaged exercise gets it out of the way', async () => {
    const root = smallWorkbook();
    writeFileSync(join(root, 'exercises', FIRST, 'README.md'), '# No rules\n');
    const { code, out } = await skip(root, FIRST);
    expect(code).toBe(0);
    expect(out).toContain('01-first is skipped. Unlocked: 02-second.');
  });

  test.each([
    ['1-first', 'Did you mean 01-first?'],
    ['04-jwt', 'is not in this workbook'],
    ['tea', '`npm run list` shows what is there.'],
  ])('%s is unknown: exit code 2', async (typed, said) => {
    const { code, out, err } = await skip(smallWorkbook(), typed);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(said);
  });

  test('ends with 4 and the reason when progress cannot be used', async () => {
    const root = smallWorkbook();
    writeFileSync(join(root, '.workbook'), 'a file where the folder should be');
    const { code, out, err } = await skip(root, FIRST);
    expect({ code, out }).toEqual({ code: 4, out: '' });
    expect(err).toMatch(/progress is not kept[\s\S]*Nothing was skipped\./);
  });

  test('ends with 2 where there are no exercises', async () => {
    const root = smallWorkbook();
    const { code, err } = await run(skipCommand, join(root, '.workbook'), [FIRST]);
    expect(code).toBe(2);
    expect(err).toContain("the folder with the workbook's exercises");
  });
});
