import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { run, smallWorkbook } from './testing/fake-context.ts';
import { recordAttempt, withProgressOf } from './testing/learner.ts';
import { FIRST, SECOND, writeExercise } from './testing/made-exercises.ts';
import { skipCommand } from './skip.ts';
import { unlockCommand } from './unlock.ts';

const unlock = (root: string, ...argv: string[]) => run(unlockCommand, root, argv);

const stateIn = (root: string, id: string) => withProgressOf(root, (progress) => progress.state(id));

describe('unlock', () => {
  test('opens a locked exercise, and says what it normally builds on', async () => {
    const root = smallWorkbook();
    expect(await unlock(root, SECOND)).toEqual({
      code: 0,
      out: `02-second is open.
It normally builds on 01-first: the README may speak of things that you meet there.
  read    exercises/02-second/README.md
  check   npm run check 02-second
`,
      err: '',
    });
    expect(stateIn(root, SECOND).unlocked).toBe(true);
  });

  test('says so when it is open already, and why', async () => {
    const root = smallWorkbook();
    writeExercise(root, '03-third', { requires: [FIRST] });
    const first = await unlock(root, FIRST);
    expect([first.code, first.out.split('\n')[0]]).toEqual([
      0,
      '01-first is open already: it builds on no other exercise.',
    ]);
    expect(stateIn(root, FIRST).unlocked).toBe(false);

    await unlock(root, SECOND);
    expect((await unlock(root, SECOND)).out).toContain('02-second is open already: you unlocked it.');

    await run(skipCommand, root, [FIRST]);
    expect((await unlock(root, '03-third')).out).toContain('open already: you passed or skipped 01-first.');
    recordAttempt(root, FIRST);
    expect((await unlock(root, '03-third')).out).toContain('open already: you passed 01-first.');
    recordAttempt(root, '03-third');
    expect((await unlock(root, '03-third')).out).toContain('open already: you passed it.');
  });

  test('records in CI too, where everything is open', async () => {
    const root = smallWorkbook();
    const ran = await run(unlockCommand, root, [SECOND], { env: { CI: 'true' } });
    expect(ran.out).toContain('02-second is open.');
    expect(stateIn(root, SECOND).unlocked).toBe(true);
  });

  test.each([
    ['2-second', 'Did you mean 02-second?'],
    ['04-jwt', 'is not in this workbook'],
    ['tea', '`npm run list` shows what is there.'],
  ])('%s is unknown: exit code 2', async (typed, said) => {
    const { code, out, err } = await unlock(smallWorkbook(), typed);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(said);
  });

  test('asks for an exercise', async () => {
    expect(await unlock(smallWorkbook())).toMatchObject({
      code: 2,
      err: expect.stringContaining('A word is missing: npm run unlock ID') as string,
    });
  });

  test('names what is wrong with a damaged exercise', async () => {
    const root = smallWorkbook();
    writeFileSync(join(root, 'exercises', SECOND, 'exercise.json'), '{}');
    const { code, err } = await unlock(root, SECOND);
    expect(code).toBe(2);
    expect(err).toContain('exercises/02-second/exercise.json, at title');
  });

  test('ends with 4 and the reason when progress cannot be used', async () => {
    const root = smallWorkbook();
    writeFileSync(join(root, '.workbook'), 'a file where the folder should be');
    const { code, out, err } = await unlock(root, SECOND);
    expect({ code, out }).toEqual({ code: 4, out: '' });
    expect(err).toMatch(/progress is not kept[\s\S]*Nothing was unlocked\./);
    expect(err).toContain('npm run check 02-second');
  });

  test('says what happened to a damaged progress file', async () => {
    const root = smallWorkbook();
    mkdirSync(join(root, '.workbook'));
    writeFileSync(join(root, '.workbook', 'progress.sqlite'), 'garbage, and plenty of it'.repeat(50));
    const { code, out, err } = await unlock(root, SECOND);
    expect(code).toBe(0);
    expect(out).toContain('02-second is open.');
    expect(err).toContain('It is kept as progress.damaged-2031-01-01T00-00-00-000Z.sqlite');
  });
});
