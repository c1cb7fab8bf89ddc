import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { resetCommand } from './reset.ts';
import { run, smallWorkbook } from './testing/fake-context.ts';
import type { World } from './testing/fake-context.ts';
import { recordAttempt, withProgressOf } from './testing/learner.ts';
import { FIRST, PROGRAMS, SECOND, writeProgram } from './testing/made-exercises.ts';

const NAME = '2031-01-01T00-00-00-000Z';

const reset = (root: string, argv: string[], world: World = {}) => run(resetCommand, root, argv, world);

const mine = (root: string, id = FIRST) =>
  readFileSync(join(root, 'exercises', id, 'src', 'double.ts'), 'utf8');

/** A workbook whose first exercise was worked on. */
function begun(): string {
  const root = smallWorkbook();
  writeProgram(root, FIRST, 'core');
  return root;
}

describe('reset', () => {
  test('puts the starting code back, and says where the learner’s is and how to get it back', async () => {
    const root = begun();
    expect(await reset(root, [FIRST, '--yes'])).toEqual({
      code: 0,
      out: `01-first is at its beginning again: 1 file put back.
  your files  .workbook/kept/01-first/${NAME}/
  bring back  npm run reset -- 01-first --restore ${NAME}
  go on       npm run check 01-first
`,
      err: '',
    });
    expect(mine(root)).toBe(PROGRAMS.stub);
    const copy = join(root, '.workbook', 'kept', FIRST, NAME, 'src', 'double.ts');
    expect(readFileSync(copy, 'utf8')).toBe(PROGRAMS.core);
  });

  test('brings a copy back by its name, by its path, and by the word last', async () => {
    for (const word of [NAME, `.workbook/kept/${FIRST}/${NAME}/`, 'last']) {
      const root = begun();
      await reset(root, [FIRST, '--yes']);
      const { code, out } = await reset(root, [FIRST, '--restore', word, '--yes']);
      expect(code).toBe(0);
      expect(out).toContain(`01-first is as in the copy ${NAME}: 1 file put back.\n`);
      expect(mine(root)).toBe(PROGRAMS.core);
    }
  });

  test('says that there is nothing to do', async () => {
    const root = smallWorkbook();
    expect(await reset(root, [FIRST])).toEqual({
      code: 0,
      out: 'Nothing to reset: your files of 01-first are the starting code.\n',
      err: '',
    });
  });

  test('without a name means the current exercise', async () => {
    const root = begun();
    recordAttempt(root, FIRST);
    writeProgram(root, SECOND, 'core');
    expect((await reset(root, ['--yes'])).out).toContain('02-second is at its beginning again');
    expect(mine(root)).toBe(PROGRAMS.core);
  });

  test('takes no pass away, and works on a locked exercise', async () => {
    const root = begun();
    recordAttempt(root, FIRST);
    writeProgram(root, SECOND, 'core');
    await reset(root, [FIRST, '--yes']);
    await reset(root, [SECOND, '--yes']);
    expect(mine(root, SECOND)).toBe(PROGRAMS.stub);
    expect(withProgressOf(root, (progress) => progress.state(FIRST).passedAt)).not.toBeNull();
  });
});

describe('the question before a reset', () => {
  const PLAN = `This puts the starting code of 01-first in the place of your files:
  src/double.ts  becomes what it was
  src/more.ts    goes, as it was not there
A copy of all your files is kept first.
`;

  function withMore(): string {
    const root = begun();
    writeFileSync(join(root, 'exercises', FIRST, 'src', 'more.ts'), '');
    return root;
  }

  test('shows what would happen, and takes only a yes for one', async () => {
    for (const [answer, code] of [
      ['yes', 0],
      [' YES ', 0],
      ['y', 1],
      ['', 1],
      [null, 1],
    ] as const) {
      const root = withMore();
      const asked: string[] = [];
      const ask = (question: string) => {
        asked.push(question);
        return Promise.resolve(answer);
      };
      const ran = await reset(root, [FIRST], { ask });
      expect([answer, ran.code]).toEqual([answer, code]);
      expect(ran.err).toContain(PLAN);
      expect(asked).toEqual(['Go on? Type yes, or anything else to leave it: ']);
      expect(mine(root)).toBe(code === 0 ? PROGRAMS.stub : PROGRAMS.core);
    }
  });

  test('where nobody can answer is a no that says how to go on', async () => {
    const root = withMore();
    expect(await reset(root, [FIRST])).toEqual({
      code: 2,
      out: '',
      err: `${PLAN}Nothing was changed. To do it without a question: npm run reset -- 01-first --yes\n`,
    });
    expect(mine(root)).toBe(PROGRAMS.core);
    expect(existsSync(join(root, '.workbook', 'kept'))).toBe(false);
  });

  test('makes file names harmless', async () => {
    const root = begun();
    writeFileSync(join(root, 'exercises', FIRST, 'src', 'a\u200bb.ts'), '');
    expect((await reset(root, [FIRST])).err).toContain('src/a\\u200bb.ts');
  });
});

describe('reset refuses', () => {
  test('a name that is none', async () => {
    const { code, err } = await reset(smallWorkbook(), ['1-first', '--yes']);
    expect([code, err]).toEqual([2, 'There is no exercise called 1-first. Did you mean 01-first?\n']);
  });

  test('to guess the exercise when progress cannot be used', async () => {
    const root = begun();
    writeFileSync(join(root, '.workbook'), 'a file where the folder should be');
    const { code, err } = await reset(root, ['--yes']);
    expect(code).toBe(2);
    expect(err).toContain('Name it: npm run reset ID');
    expect(mine(root)).toBe(PROGRAMS.core);
  });

  test('a copy that is not there, and names those that are', async () => {
    const root = begun();
    expect((await reset(root, [FIRST, '--restore', 'last'])).err).toBe('No copy of 01-first was kept yet.\n');
    await reset(root, [FIRST, '--yes']);
    const { code, err } = await reset(root, [FIRST, '--restore', '2030']);
    expect([code, err]).toEqual([2, `There is no copy 2030. Those of this exercise:\n  ${NAME}\n`]);
  });

  test.skipIf(process.platform === 'win32')('a link, and changes nothing', async () => {
    const root = begun();
    symlinkSync(join(root, 'package.json'), join(root, 'exercises', FIRST, 'src', 'link.ts'));
    const { code, err } = await reset(root, [FIRST, '--yes']);
    expect(code).toBe(2);
    expect(err).toMatch(/"src\/link.ts" is in the way\. It is a link.*\nNothing was changed\.\n$/);
    expect(mine(root)).toBe(PROGRAMS.core);
  });

  test('to begin without a place for the copy', async () => {
    const root = begun();
    mkdirSync(join(root, '.workbook'), { recursive: true });
    writeFileSync(join(root, '.workbook', 'kept'), '');
    const { code, out, err } = await reset(root, [FIRST, '--yes']);
    expect({ code, out }).toEqual({ code: 4, out: '' });
    expect(err).toContain('Nothing was changed.');
    expect(mine(root)).toBe(PROGRAMS.core);
  });

  test('where the exercises are not there', async () => {
    const root = smallWorkbook();
    rmSync(join(root, 'exercises'), { recursive: true });
    const { code, err } = await reset(root, [FIRST]);
    expect(code).toBe(2);
    expect(err).toContain('git restore exercises');
  });
});
