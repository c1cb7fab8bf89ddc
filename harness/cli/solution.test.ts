import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { seal } from '../catalog/sealed-text.ts';
import { solutionCommand } from './solution.ts';
import { run, smallWorkbook } from './testing/fake-context.ts';
import type { World } from './testing/fake-context.ts';
import { recordAttempt, withProgressOf } from './testing/learner.ts';
import { FIRST, PROGRAMS, SECOND, writeProgram, writeSolution } from './testing/made-exercises.ts';

const solution = (root: string, argv: string[] = [FIRST], world: World = {}) =>
  run(solutionCommand, root, argv, world);

const shownAt = (root: string, id = FIRST) =>
  withProgressOf(root, (progress) => progress.state(id).solutionShownAt);

/** Not passed yet. */
function workbook(): string {
  const root = smallWorkbook();
  writeSolution(root, FIRST);
  writeSolution(root, SECOND);
  return root;
}

function passed(): string {
  const root = workbook();
  writeProgram(root, FIRST, 'core');
  recordAttempt(root, FIRST);
  return root;
}

const PAGE = `Walk-through

R1. Two \`times\` the value.

Its files

  solutions/01-first/src/double.ts

Beside yours

Lines with - are yours, lines with + stand there instead. Another program can be
just as right as this one.

--- exercises/01-first/src/double.ts
+++ solutions/01-first/src/double.ts
@@ -1,3 +1,3 @@
 export function double(value: number): number {
-  return Math.abs(value) * 2;
+  return value * 2;
 }

Other right ways

  sum
      By adding. It adds.

one of them: npm run solution -- 01-first --variant sum
one file: npm run solution -- 01-first --file src/double.ts
`;

describe('the solution after the pass', () => {
  test('is the walk-through, a diff against the learner’s files, and the other right ways', async () => {
    const root = passed();
    expect(await solution(root)).toEqual({ code: 0, out: PAGE, err: '' });
    expect(shownAt(root)).toBe(Date.UTC(2031, 0, 1));
  });

  test('says the same with colours: + and - carry the meaning', async () => {
    const { out } = await solution(passed(), [FIRST], { colour: true });
    const escape = '\u001b';
    expect(out).toContain(`${escape}[31m-  return Math.abs(value) * 2;${escape}[39m\n`);
    expect(out).toContain(`${escape}[32m+  return value * 2;${escape}[39m\n`);
    expect(out.replace(new RegExp(`${escape}\\[\\d+m`, 'g'), '')).toBe(PAGE);
  });

  test('can be another right way', async () => {
    const { out } = await solution(passed(), [FIRST, '--variant', 'sum']);
    expect(out).toContain('By adding\n\nIt adds. Nothing is multiplied.\n');
    expect(out).toContain('+++ solutions/01-first/variants/sum/src/double.ts\n');
    expect(out).toContain('+  return value + value;\n');
    expect(out).not.toContain('Other right ways');
    expect(out).toContain('npm run solution -- 01-first --variant sum --file src/double.ts\n');
  });

  test('can be the text of one file and nothing else', async () => {
    expect(await solution(passed(), [FIRST, '--file', './src/double.ts'])).toEqual({
      code: 0,
      out: PROGRAMS.right,
      err: '',
    });
    const { out } = await solution(passed(), [FIRST, '--variant', 'sum', '--file', 'src/double.ts']);
    expect(out).toContain('return value + value;');
  });

  test('without an id is that of the exercise that was passed last', async () => {
    const root = passed();
    expect(await solution(root, [])).toEqual(await solution(root, [FIRST]));
    writeProgram(root, SECOND, 'core');
    recordAttempt(root, SECOND, { at: Date.UTC(2031, 0, 2) });
    expect((await solution(root, [])).out).toContain('solutions/02-second/src/double.ts');
  });

  test('is one JSON document with --json', async () => {
    const { code, out, err } = await solution(passed(), [FIRST, '--json']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(JSON.parse(out)).toEqual({
      schema: 1,
      exercise: FIRST,
      variant: null,
      text: '# Walk-through\n\n**R1.** Two `times` the value.\n',
      files: { 'src/double.ts': PROGRAMS.right },
      diff: expect.stringMatching(/^--- exercises[^]*\n-  return Math\.abs[^]*\n \}\n$/) as string,
      variants: [{ name: 'sum', title: 'By adding', summary: 'It adds.' }],
    });
  });

  test('says so when the learner’s files are the same, or cannot be read', async () => {
    const root = passed();
    writeProgram(root, FIRST, 'right');
    expect((await solution(root)).out).toContain('Beside yours\n\nYour files are the same.\n\n');
    writeFileSync(join(root, 'exercises', FIRST, 'src', 'double.ts'), Buffer.from([0xff]));
    expect((await solution(root)).out).toContain('"src/double.ts" holds bytes that are no UTF-8 text.');
    expect(JSON.parse((await solution(root, [FIRST, '--json'])).out)).toMatchObject({ diff: null });
  });

  test('names files that only one side has', async () => {
    const root = passed();
    rmSync(join(root, 'exercises', FIRST, 'src', 'double.ts'));
    writeFileSync(join(root, 'exercises', FIRST, 'src', 'own.ts'), 'export {};\n');
    const { out } = await solution(root);
    expect(out).toContain('--- you have no such file\n+++ solutions/01-first/src/double.ts\n');
    expect(out).toContain('--- exercises/01-first/src/own.ts\n+++ the solution has no such file\n');
  });

  test('makes the learner’s lines harmless', async () => {
    const root = passed();
    writeFileSync(join(root, 'exercises', FIRST, 'src', 'double.ts'), '// \u001b[2J\n');
    expect((await solution(root)).out).toContain('-// \\x1b[2J\n');
  });
});

describe('the solution before the pass', () => {
  const NOTHING = `You have not passed 01-first yet. What you find yourself stays with you longer than what you read.
Nothing was shown.
  a hint         npm run hint 01-first
  see it anyway  npm run solution -- 01-first --show-me
`;

  test('is not shown where nobody can be asked', async () => {
    const root = workbook();
    for (const argv of [[FIRST], [FIRST, '--json'], [FIRST, '--file', 'src/double.ts'], []]) {
      expect(await solution(root, argv)).toEqual({ code: 2, out: '', err: NOTHING });
    }
    expect(shownAt(root)).toBeNull();
  });

  test.each(['no', 'y', '', null])('is not shown after the answer %j', async (answer) => {
    const root = workbook();
    const { code, out, err } = await solution(root, [FIRST], { ask: () => Promise.resolve(answer) });
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain('Nothing was shown.\n  a hint         npm run hint 01-first\n');
    expect(shownAt(root)).toBeNull();
  });

  test('is shown after a yes, which is remembered', async () => {
    const root = workbook();
    const { code, out } = await solution(root, [FIRST], { ask: () => Promise.resolve('yes') });
    expect(code).toBe(0);
    expect(out).toContain('Walk-through');
    expect(shownAt(root)).toBe(Date.UTC(2031, 0, 1));
    expect(await solution(root)).toMatchObject({ code: 0, err: '' });
  });

  test('is shown with --show-me, which is remembered too', async () => {
    const root = workbook();
    expect(await solution(root, [FIRST, '--show-me'])).toMatchObject({ code: 0, err: '' });
    expect(shownAt(root)).not.toBeNull();
  });

  test('takes a word each time where nothing can be remembered', async () => {
    const root = workbook();
    writeFileSync(join(root, '.workbook'), 'a file where the folder should be');
    const { code, err } = await solution(root);
    expect(code).toBe(2);
    expect(err).toContain('So nobody knows whether you passed 01-first.');
    expect((await solution(root, [FIRST, '--show-me'])).code).toBe(0);
  });
});

describe('solution refuses', () => {
  test('an exercise that is locked, whatever word is given', async () => {
    const root = workbook();
    const { code, out, err } = await solution(root, [SECOND, '--show-me']);
    expect({ code, out }).toEqual({ code: 3, out: '' });
    expect(err).toContain('Its solution waits as well. 02-second is locked: it builds on 01-first.');
    expect(shownAt(root, SECOND)).toBeNull();
  });

  test.each([
    [['1-first'], 'Did you mean 01-first?'],
    [[FIRST, '--variant', 'product'], 'There is no variant product. There is sum.'],
    [[FIRST, '--file', 'src/x.ts'], 'solutions/01-first has no file src/x.ts. There is src/double.ts.'],
    [[FIRST, '--file', '../../../package.json'], 'has no file ../../../package.json.'],
  ])('%j', async (argv, said) => {
    const { code, out, err } = await solution(passed(), argv);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(said);
  });

  test('a workbook without solutions, before it asks anything', async () => {
    const root = smallWorkbook();
    const { code, err } = await solution(root, [FIRST, '--show-me']);
    expect(code).toBe(2);
    expect(err).toContain('solutions/01-first/README.md\n  It does not exist.');
    expect(shownAt(root)).toBeNull();
  });
});

describe('a solution that is sealed, in an edition for a class', () => {
  test('is shown in the same words, and its files lie nowhere', async () => {
    const root = passed();
    const plain = await solution(root);
    sealSolution(root);
    expect(await solution(root)).toEqual({
      ...plain,
      out: plain.out.replace('\n  solutions/01-first/src/double.ts\n', '\n  src/double.ts\n'),
    });
    const variant = await solution(root, [FIRST, '--variant', 'sum', '--file', 'src/double.ts']);
    expect(variant.out).toContain('return value + value;');
  });

  test('waits for the pass, and says so', async () => {
    const root = workbook();
    sealSolution(root);
    const early = await solution(root);
    expect(early).toMatchObject({ code: 2, out: '' });
    expect(early.err).toContain('You have not passed 01-first yet.');
    expect((await solution(root, [FIRST, '--show-me'])).out).toContain('Two `times` the value.');
  });
});

/** Puts a sealed file in the place of the solution of the first exercise. */
function sealSolution(root: string): void {
  const way = (name: string, folder: string, title: string, text: string, program: string) => ({
    name,
    folder,
    title,
    text,
    files: { 'src/double.ts': program },
    summary: name === 'sum' ? 'It adds.' : 'R1. Two `times` the value.',
  });
  const base = `solutions/${FIRST}`;
  const walkThrough = '# Walk-through\n\n**R1.** Two `times` the value.\n';
  const sum = PROGRAMS.right.replace('value * 2', 'value + value');
  const content = JSON.stringify({
    solution: way('solution', base, 'Walk-through', walkThrough, PROGRAMS.right),
    variants: [way('sum', `${base}/variants/sum`, 'By adding', '# By adding\n\nIt adds.\n', sum)],
  });
  for (const name of ['src', 'variants', 'README.md']) rmSync(join(root, base, name), { recursive: true });
  const key = Buffer.alloc(32, 7);
  const path = `${base}/solution.sealed`;
  writeFileSync(join(root, path), seal(content, { key, path }, 'x'));
  const edition = { about: 'x', schema: 1, key: key.toString('base64'), exercises: [FIRST], files: [] };
  writeFileSync(join(root, 'edition.json'), JSON.stringify(edition));
}
