import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { width } from '../verdict/layout.ts';
import { hintCommand } from './hint.ts';
import { run, smallWorkbook } from './testing/fake-context.ts';
import type { World } from './testing/fake-context.ts';
import { recordAttempt, withProgressOf } from './testing/learner.ts';
import { FIRST, SECOND, writeHints } from './testing/made-exercises.ts';

const hint = (root: string, argv: string[] = [], world: World = {}) => run(hintCommand, root, argv, world);

function workbook(): string {
  const root = smallWorkbook();
  writeHints(root, FIRST);
  writeHints(root, SECOND);
  return root;
}

function withoutProgress(): string {
  const root = workbook();
  writeFileSync(join(root, '.workbook'), 'a file where the folder should be');
  return root;
}

describe('hint', () => {
  test('goes one further each time, shows what came before, and says how many are left', async () => {
    const root = workbook();
    expect(await hint(root, [FIRST, 'R1'])).toEqual({
      code: 0,
      out: `01-first R1 · A number is doubled

  hint 1 of 3
    Look at \`double\`.

2 more · next: npm run hint 01-first R1
`,
      err: '',
    });
    expect((await hint(root, [FIRST, 'r1'])).out).toBe(`01-first R1 · A number is doubled

  hint 1 of 3
    Look at \`double\`.

  hint 2 of 3
    Which sign multiplies?

1 more · next: npm run hint 01-first R1
`);
    await hint(root, [FIRST, 'R1']);
    const last = await hint(root, [FIRST, 'R1']);
    expect(last.out).toContain('  hint 3 of 3\n    `return value * 2;`\n\n');
    expect(last.out).toMatch(
      /no hint is left · the solution: npm run solution 01-first\nIt asks before it shows anything.*\n$/,
    );
    expect(withProgressOf(root, (progress) => [...progress.state(FIRST).hints])).toEqual([['R1', 3]]);
  });

  test('without a rule takes the first that failed in the last check', async () => {
    const root = workbook();
    recordAttempt(root, FIRST, {
      status: 'failed',
      rules: [
        { id: 'R1', status: 'passed' },
        { id: 'R2', status: 'failed' },
      ],
    });
    const { out } = await hint(root);
    expect(out).toContain(
      '01-first R2 · A number below zero is doubled too\nIt is the first rule that failed',
    );
  });

  test('before the first check begins with the first rule, and says so', async () => {
    const { out } = await hint(workbook());
    expect(out).toContain('01-first R1 · A number is doubled\nYou have not checked this exercise yet');
  });

  test('has nothing to say when all passed, or when nothing could be tried', async () => {
    const root = workbook();
    recordAttempt(root, FIRST, {
      rules: [
        { id: 'R1', status: 'passed' },
        { id: 'R2', status: 'passed' },
      ],
    });
    expect(await hint(root, [FIRST])).toMatchObject({
      code: 0,
      out: expect.stringMatching(
        /^All rules passed in your last check\.\n.*npm run hint 01-first R1\n$/,
      ) as string,
    });
    recordAttempt(root, FIRST, { status: 'error', rules: [] });
    expect((await hint(root, [FIRST])).out).toContain('npm run check 01-first says why.');
    expect(await hint(root, [FIRST, '--json'])).toMatchObject({ code: 2, out: '' });
  });

  test('shows all at once with --all, and up to one with --level', async () => {
    const root = workbook();
    const two = await hint(root, [FIRST, 'R1', '--level', '2']);
    expect(two.out.match(/hint \d of 3/g)).toEqual(['hint 1 of 3', 'hint 2 of 3']);
    const all = await hint(root, [FIRST, 'R1', '--all'], { colour: true });
    expect(all.out).toContain('all of its hints, as you asked. The last one is nearly the code.');
    expect(all.out.match(/hint \d of 3/g)).toHaveLength(3);
    expect(all.out).not.toContain('\u001b[2m');
    expect((await hint(root, [FIRST, 'R1', '--level', '1'])).out).toContain('2 more');
    expect(withProgressOf(root, (progress) => progress.state(FIRST).hints.get('R1'))).toBe(3);
  });

  test('prints one JSON document with --json', async () => {
    const root = workbook();
    const { code, out, err } = await hint(root, ['--json']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(JSON.parse(out)).toEqual({
      schema: 1,
      exercise: FIRST,
      rule: 'R1',
      title: 'A number is doubled',
      citation: 'contract',
      why: 'first',
      levels: 3,
      level: 1,
      hints: ['Look at `double`.'],
      remembered: true,
      next: 'npm run hint 01-first R1',
    });
  });

  test('shows earlier hints dimly and the new one not; without colours it says the same', async () => {
    const root = workbook();
    const argv = [FIRST, 'R1', '--level', '2'];
    const { out } = await hint(root, argv, { colour: true });
    expect(out).toContain('\u001b[2m    Look at `double`.\u001b[22m\n');
    expect(out).toContain('\n    Which sign multiplies?\n');
    // oxlint-disable-next-line no-control-regex
    expect(out.replace(/\u001b\[\d+m/g, '')).toBe((await hint(root, argv)).out);
  });

  test.each([40, 80, 200])('fits %d columns', async (columns) => {
    const root = workbook();
    writeFileSync(join(root, 'exercises', FIRST, 'hints.md'), `## R1\n\n1. ${'word '.repeat(90)}\n`);
    const { out } = await hint(root, [FIRST, 'R1'], { columns });
    expect(Math.max(...out.split('\n').map(width))).toBeLessThanOrEqual(Math.max(64, Math.min(columns, 100)));
  });

  test('makes hints harmless', async () => {
    const root = workbook();
    writeFileSync(join(root, 'exercises', FIRST, 'hints.md'), '## R1\n\n1. a\u001b[2Jb\n');
    expect((await hint(root, [FIRST, 'R1'])).out).toContain('a\\x1b[2Jb');
    expect((await hint(root, [FIRST, 'R1', '--json'])).out).toContain('a\\u001b[2Jb');
  });
});

describe('hint without progress', () => {
  test('shows the first hint, says that it cannot remember, and how to see the next', async () => {
    const root = withoutProgress();
    const { code, out, err } = await hint(root, [FIRST, 'R1']);
    expect(code).toBe(0);
    expect(err).toContain('So nobody can remember which hints you have seen, and each call begins anew.');
    expect(out).toContain('hint 1 of 3');
    expect(out).toContain('2 more · next: npm run hint -- 01-first R1 --level 2\n');
    expect((await hint(root, [FIRST, 'R1', '--level', '2'])).out).toContain('--level 3\n');
  });

  test('claims nothing about checks', async () => {
    const { out } = await hint(withoutProgress());
    expect(out).toContain('\nNobody knows what you checked last, so this is about the rule to begin with.\n');
  });

  test('locks nothing', async () => {
    expect((await hint(withoutProgress(), [SECOND, 'R1'])).code).toBe(0);
  });
});

describe('hint refuses', () => {
  test('an exercise that is locked, and says how to open it', async () => {
    const root = workbook();
    const { code, out, err } = await hint(root, [SECOND, 'R1']);
    expect({ code, out }).toEqual({ code: 3, out: '' });
    expect(err).toContain('Its hints wait as well. 02-second is locked: it builds on 01-first.');
    expect(withProgressOf(root, (progress) => progress.state(SECOND).hints.size)).toBe(0);
    expect((await hint(root, [SECOND, 'R1'], { env: { CI: 'true' } })).code).toBe(0);
  });

  test.each([
    [['R1'], 'R1 is a rule. Name its exercise first: npm run hint 01-first R1'],
    [[FIRST, 'R9'], '01-first has no rule R9.'],
    [['1-first'], 'Did you mean 01-first?'],
    [[FIRST, 'R1', '--level', '0'], '--level takes a whole number from 1 up'],
    [[FIRST, 'R1', '--level', '4'], '01-first has 3 hints for R1: --level goes up to 3.'],
    [[FIRST, 'R1', '--level', '1', '--all'], 'Give either --all or --level, not both.'],
  ])('%j', async (argv, said) => {
    const { code, out, err } = await hint(workbook(), argv);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(said);
  });

  test('where no hints were written', async () => {
    const root = workbook();
    writeFileSync(join(root, 'exercises', FIRST, 'hints.md'), '## R1\n\n1. a\n');
    expect((await hint(root, [FIRST, 'R2'])).err).toBe('exercises/01-first/hints.md has no hints for R2.\n');
    rmSync(join(root, 'exercises', FIRST, 'hints.md'));
    const { code, err } = await hint(root, [FIRST, 'R2']);
    expect(code).toBe(2);
    expect(err).toContain('git restore exercises/01-first/hints.md');
  });
});
