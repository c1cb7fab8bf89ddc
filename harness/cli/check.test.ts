import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { checkCommand } from './check.ts';
import { run, smallWorkbook, temporaryRoot } from './testing/fake-context.ts';
import type { World } from './testing/fake-context.ts';
import { recordAttempt, withProgressOf } from './testing/learner.ts';
import { FIRST, SECOND, writeExercise } from './testing/made-exercises.ts';

/** Checks that end before a program is judged; those that judge one are in check-process.test.ts. */
const check = (root: string, argv: string[], world: World = {}) => run(checkCommand, root, argv, world);

describe('wrong use ends with 2, and nothing on stdout', () => {
  test.each<[string[], string]>([
    [['--all', FIRST], 'With --all every exercise is judged: leave out the id, --from and --inspect.'],
    [['--all', '--from', '.'], 'With --all every exercise is judged'],
    [['--all', '--inspect'], 'With --all every exercise is judged'],
    [['--from', '.'], 'With --from, name the exercise: npm run check -- ID --from DIR'],
    [['--seed', 'x'], '--seed takes a whole number from 0 to 2147483647.'],
    [['--seed=-1'], '--seed takes a whole number'],
    [['--seed', '2147483648'], '--seed takes a whole number'],
    [['--seed', '0x10'], '--seed takes a whole number'],
    [['--isolation', 'jail'], '--isolation takes one of: namespace, permission, none.'],
    [[FIRST, '--isolation', 'none', '--inspect'], 'With --isolation, leave out --all and --inspect'],
    [['R1'], 'R1 is a rule. Name its exercise first: npm run check 01-first R1'],
    [['q01'], 'Q01 is a rule. Name its exercise first: npm run check 01-first Q01'],
    [[FIRST, 'R7'], '01-first has no rule R7. Its rules are R1 to R2.'],
    [
      [FIRST, '--from', 'nowhere'],
      "There is no folder nowhere. --from takes a folder that has the exercise's",
    ],
    [[FIRST, '--from', 'package.json'], 'There is no folder package.json.'],
    [['1-first'], 'There is no exercise called 1-first. Did you mean 01-first?'],
    [['02-sql'], '02-sql (Normalized schema and 20 queries) is not in this workbook.'],
    [['1-http', '--from', '.'], 'There is no exercise called 1-http.'],
  ])('%j', async (argv, said) => {
    const { code, out, err } = await check(smallWorkbook(), argv);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(said);
  });
});

describe('a damaged exercise ends with 2 and is named with file, place and what to do', () => {
  test('in exercise.json', async () => {
    const root = smallWorkbook();
    writeFileSync(join(root, 'exercises', FIRST, 'exercise.json'), '{ "title": 7 }');
    const { code, out, err } = await check(root, [FIRST]);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain('exercises/01-first/exercise.json, at title\n  The value is 7.\n  Expected: ');
    expect(err).toContain('`git restore exercises/01-first/exercise.json` brings back what was there.');
  });

  test('a README without rules', async () => {
    const root = smallWorkbook();
    writeFileSync(join(root, 'exercises', FIRST, 'README.md'), '# Twice as much\n');
    const { code, err } = await check(root, [FIRST]);
    expect(code).toBe(2);
    expect(err).toContain('exercises/01-first/README.md, at line 1\n  There is no heading "Rules".');
  });

  test('no exercises folder at all', async () => {
    const { code, err } = await check(temporaryRoot(), []);
    expect(code).toBe(2);
    expect(err).toContain('exercises\n  It does not exist.');
  });

  test('an exercises folder with nothing in it', async () => {
    const root = smallWorkbook();
    for (const id of [FIRST, SECOND]) rmSync(join(root, 'exercises', id), { recursive: true });
    const { code, err } = await check(root, []);
    expect(code).toBe(2);
    expect(err).toContain('The folder exercises/ has no exercise in it.');
  });

  test('without an id, when nothing else is open', async () => {
    const root = smallWorkbook();
    writeFileSync(join(root, 'exercises', FIRST, 'README.md'), '# Empty\n');
    const { code, err } = await check(root, []);
    expect(code).toBe(2);
    expect(err).toContain('No exercise is open that you could go on with.\n\nexercises/01-first/README.md');
  });

  test('unless it is passed: then it is nothing to go on with', async () => {
    const root = smallWorkbook();
    for (const id of [FIRST, SECOND]) recordAttempt(root, id);
    writeFileSync(join(root, 'exercises', FIRST, 'README.md'), '# Empty\n');
    expect((await check(root, [])).code).toBe(0);
  });

  test('without an id, when the learner is at that exercise', async () => {
    const root = temporaryRoot();
    writeExercise(root, '01-http-server');
    writeExercise(root, '14-git-shell');
    writeFileSync(join(root, 'exercises', '01-http-server', 'README.md'), '# Empty\n');
    const { code, err } = await check(root, []);
    expect(code).toBe(2);
    expect(err).toContain('exercises/01-http-server/README.md, at line 1');
  });
});

describe('a locked exercise ends with 3', () => {
  const LOCKED = `02-second is locked: it builds on 01-first.
  Pass what comes first:  npm run check 01-first
  Or skip:                npm run skip 01-first
  Or open this one now:   npm run unlock 02-second
`;

  test('and says why, and three ways on', async () => {
    expect(await check(smallWorkbook(), [SECOND])).toEqual({ code: 3, out: '', err: LOCKED });
  });

  test('also when JSON is asked for, or one rule', async () => {
    expect(await check(smallWorkbook(), [SECOND, 'R1', '--json'])).toEqual({ code: 3, out: '', err: LOCKED });
  });

  test('a failed attempt opens nothing', async () => {
    const root = smallWorkbook();
    recordAttempt(root, FIRST, { status: 'failed' });
    expect((await check(root, [SECOND])).code).toBe(3);
  });

  test('without an id, when only locked ones are left', async () => {
    const root = temporaryRoot();
    // A circle: neither can be passed first.
    writeExercise(root, '03-crud-api', { requires: ['04-jwt'] });
    writeExercise(root, '04-jwt', { requires: ['03-crud-api'] });
    const { code, err } = await check(root, []);
    expect(code).toBe(3);
    expect(err).toContain('No exercise is open that you could go on with.\n\n03-crud-api is locked');
  });
});

describe('without an id, when all is done', () => {
  function done(): string {
    const root = smallWorkbook();
    recordAttempt(root, FIRST);
    withProgressOf(root, (progress) => progress.skip(SECOND));
    return root;
  }

  test('says so and ends with 0', async () => {
    const { code, out, err } = await check(done(), []);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain(
      'All exercises of this workbook are passed or skipped.\n`npm run list` shows them.',
    );
  });

  test('has no verdict for a program: exit code 2', async () => {
    const { code, out, err } = await check(done(), ['--json']);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain('name it: npm run check ID');
  });
});
