import { mkdirSync, readFileSync, renameSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { BuiltWorkbook } from './testing/built-workbook.ts';
import { recordAttempt, withProgressOf } from './testing/learner.ts';
import { FIRST, PROGRAMS } from './testing/made-exercises.ts';
import { noTerminal, processesOf, PseudoTerminal, until } from './testing/pseudo-terminal.ts';

/** `npm run watch` as a person uses it: real keys, a real screen, saves as editors make them. */
const missing = noTerminal();
let workbook: BuiltWorkbook;
let terminal: PseudoTerminal | null = null;

const ENDLESS = 'while (true);\nexport const double = (value: number): number => value * 2;\n';
const HINTS = '## R1\n\n1. Look at the multiplication.\n2. Twice is `* 2`.\n';

const source = () => join(workbook.root, 'exercises', FIRST, 'src', 'double.ts');
const save = (text: string) => writeFileSync(source(), text);
const attempts = () => withProgressOf(workbook.root, (progress) => progress.state(FIRST).attempts);
const checkedTimes = (screen: string) => screen.split('checked at').length - 1;

function watch(
  argv: string[] = [],
  options: ConstructorParameters<typeof PseudoTerminal>[2] = {},
): PseudoTerminal {
  terminal = new PseudoTerminal(workbook, ['watch', ...argv], options);
  return terminal;
}

async function nothingIsLeft(): Promise<void> {
  await until(
    () => processesOf(workbook).length === 0 && workbook.leftovers().length === 0,
    () => `left: ${[...processesOf(workbook), ...workbook.leftovers()].join('\n')}`,
  );
}

describe.skipIf(missing !== null)(
  `npm run watch in a terminal${missing === null ? '' : ` (${missing})`}`,
  () => {
    beforeAll(async () => {
      workbook = await BuiltWorkbook.built();
    });
    beforeEach(() => {
      workbook.restore();
      // Who was ended by SIGKILL could not clear away its folders.
      for (const name of workbook.leftovers()) rmSync(join(workbook.temp, name), { recursive: true });
      rmSync(join(workbook.root, '.workbook', 'watch.json'), { force: true });
      writeFileSync(join(workbook.root, 'exercises', FIRST, 'hints.md'), HINTS);
    });
    afterEach(() => {
      terminal?.close();
      terminal = null;
    });
    afterAll(() => workbook.remove());

    test('from the first task over hints to the next exercise, and back to it another day', async () => {
      const at = watch();
      const task = await at.shows('[q] quit');
      expect(task).toContain('Your task: 1 rule');
      expect(task).toContain('[h] hint for R1');
      expect(task).not.toContain('[n]');
      expect(task).toContain('[r] reset');

      at.press('h');
      await at.shows('hint 1 of 2 for R1');
      at.press('h');
      const hinted = await at.shows('hint 2 of 2 for R1');
      expect(hinted).toContain('Look at the multiplication.');
      expect(hinted).not.toContain('[h]');

      save('export function double(value: number): number {\n  return value *;\n}\n');
      await at.shows(/src\/double\.ts:2/);

      save(PROGRAMS.core);
      const passed = await at.shows('[n] next: 02-second');
      expect(passed).toContain('passed: 1 of 1 core · 0 of 1 extra');
      expect(passed).toContain('1 passed');
      expect(passed).not.toContain('A number is doubled');
      at.press('a');
      await at.shows('A number is doubled');
      at.press('l');
      await at.shows('1 of 2 passed');
      at.press('x');
      await at.shows('[a] fewer rules');

      at.press('n');
      await at.shows('02-second · Twice as much');
      at.press('q');
      expect(await at.ended()).toBe(0);
      await nothingIsLeft();
      at.close();

      const again = watch();
      await again.shows('02-second · Twice as much');
      again.press('C-c');
      expect(await again.ended()).toBe(0);
    });

    test('sees every way of saving, and nothing in what is no change', async () => {
      const at = watch(['--plain']);
      await at.shows('[q] quit');
      let count = 1;
      const nextVerdict = async (text: string): Promise<void> => {
        count++;
        const screen = await at.shows((all) => checkedTimes(all) >= count, { past: true });
        expect(screen.slice(screen.lastIndexOf('Checking'))).toContain(text);
      };
      // Written beside it and put in its place.
      writeFileSync(`${source()}.tmp`, PROGRAMS.core);
      renameSync(`${source()}.tmp`, source());
      await nextVerdict('0 of 1 extra');
      // The old one becomes the backup, and the new one is written anew.
      renameSync(source(), `${source()}~`);
      save(PROGRAMS.right);
      await nextVerdict('mastered');
      // Nothing of this is a change of the program.
      save(PROGRAMS.right);
      mkdirSync(join(workbook.root, 'exercises', FIRST, 'src', '.idea'), { recursive: true });
      for (const name of ['.double.ts.swp', 'double.ts~', '4913', '.idea/workspace.xml']) {
        writeFileSync(join(workbook.root, 'exercises', FIRST, 'src', name), 'noise');
      }
      unlinkSync(`${source()}~`);
      // Away with all of it, and back.
      rmSync(join(workbook.root, 'exercises', FIRST, 'src'), { recursive: true });
      await nextVerdict('src/double.ts');
      mkdirSync(join(workbook.root, 'exercises', FIRST, 'src'));
      save(PROGRAMS.stub);
      await nextVerdict('Your task');
      renameSync(source(), source().replace('double', 'other'));
      await nextVerdict('src/double.ts');
      renameSync(source().replace('double', 'other'), source());
      await nextVerdict('Your task');
      at.press('Enter');
      await nextVerdict('Your task');
      expect(attempts()).toBe(count);
      expect(checkedTimes(at.screen({ past: true }))).toBe(count);
      at.press('q');
      expect(await at.ended()).toBe(0);
    });

    test('the newest save wins over an endless loop, whose check is abandoned', async () => {
      recordAttempt(workbook.root, FIRST);
      const before = attempts();
      const at = watch([FIRST], { env: { NO_COLOR: '1' } });
      await at.shows('[q] quit');
      save(ENDLESS);
      await until(
        () => processesOf(workbook).some((line) => line.includes('host.mjs')),
        () => 'no host ran',
      );
      save(PROGRAMS.right);
      await at.shows('mastered');
      // The first look, and the last save; the loop between them was never judged to its end.
      expect(attempts()).toBe(before + 2);

      save(ENDLESS);
      await at.shows('busy for more than');
      save(PROGRAMS.core);
      await at.shows('0 of 1 extra');
      at.press('q');
      expect(await at.ended()).toBe(0);
    });

    test.each([
      ['SIGTERM', 143],
      ['SIGHUP', 129],
      ['SIGKILL', 137],
    ] as const)('%s in the middle of an endless loop leaves no process', async (signal, code) => {
      const at = watch();
      await at.shows('[q] quit');
      save(ENDLESS);
      await until(
        () => processesOf(workbook).some((line) => line.includes('host.mjs')),
        () => 'no host ran',
      );
      process.kill(at.pid, signal);
      expect(await at.ended()).toBe(code);
      await until(
        () => processesOf(workbook).length === 0,
        () => processesOf(workbook).join('\n'),
      );
    });

    test('Ctrl-C, or a terminal that closes, in the middle of an endless loop leaves nothing', async () => {
      const at = watch();
      await at.shows('[q] quit');
      save(ENDLESS);
      at.press('C-c');
      expect(await at.ended()).toBe(0);
      await nothingIsLeft();
      at.close();

      const other = watch();
      await until(
        () => processesOf(workbook).some((line) => line.includes('host.mjs')),
        () => 'no host ran',
      );
      other.close();
      await nothingIsLeft();
    });

    test('80 columns are enough, and a dumb terminal is never wiped', async () => {
      const at = watch([], { env: { TERM: 'dumb' }, columns: 80, rows: 24 });
      await at.shows('[q] quit');
      save(PROGRAMS.core);
      const all = await at.shows((screen) => checkedTimes(screen) === 2, { past: true });
      expect(all).toContain('Your task: 1 rule');
      expect(
        all.match(
          /^\[n\] next: 02-second {2}\[a\] all rules {2}\[l\] list {2}\[r\] reset {2}\[Enter\] check again\n\[q\] quit$/m,
        ),
      ).not.toBeNull();
      at.press('q');
      expect(await at.ended()).toBe(0);
      expect(JSON.parse(readFileSync(join(workbook.root, '.workbook', 'watch.json'), 'utf8'))).toEqual({
        schema: 1,
        exercise: FIRST,
      });
    });
  },
);
