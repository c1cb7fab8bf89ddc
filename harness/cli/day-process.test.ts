import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { BuiltWorkbook, ended } from './testing/built-workbook.ts';
import { withProgressOf } from './testing/learner.ts';
import {
  FIRST,
  PROGRAMS,
  SECOND,
  writeHints,
  writeProgram,
  writeSolution,
} from './testing/made-exercises.ts';

/** A learner's day with hints, resets and the solution: each command is a process of its own on a built workbook. */
let workbook: BuiltWorkbook;

beforeAll(async () => {
  workbook = await BuiltWorkbook.built();
}, 60_000);
beforeEach(() => {
  workbook.restore();
  for (const id of [FIRST, SECOND]) {
    writeHints(workbook.root, id);
    writeSolution(workbook.root, id);
  }
});
afterAll(() => workbook.remove());

const SLOW = 60_000;

const inFirst = (...path: string[]) => join(workbook.root, 'exercises', FIRST, ...path);
const mine = () => readFileSync(inFirst('src', 'double.ts'), 'utf8');

describe('hints', () => {
  test(
    'follow the last check, and go on from process to process',
    async () => {
      writeProgram(workbook.root, FIRST, 'core');
      const checked = await workbook.run(['check', FIRST]);
      expect(checked.code).toBe(0);
      const extra = await workbook.run(['hint', FIRST]);
      expect({ code: extra.code, err: extra.err }).toEqual({ code: 0, err: '' });
      expect(extra.out).toContain('01-first R2 · A number below zero is doubled too\n');

      await workbook.run(['hint', FIRST, 'R1']);
      const second = await workbook.run(['hint', FIRST, 'R1']);
      expect(second.out).toContain('hint 2 of 3');
      expect(second.out).not.toContain('\u001b');
    },
    SLOW,
  );

  test(
    'are named where a rule failed, with a line that works',
    async () => {
      const { out } = await workbook.run(['check', FIRST, 'R1']);
      const line = /npm run (hint \S+ \S+)/.exec(out)?.[1] ?? '';
      const { code, out: shown } = await workbook.run(line.split(' '));
      expect(code).toBe(0);
      expect(shown).toContain('hint 1 of 3');
    },
    SLOW,
  );

  test(
    'that npm kept an option of are not shown in silence',
    async () => {
      const env = { npm_lifecycle_event: 'hint', npm_config_all: 'true' };
      const { code, out, err } = await workbook.run(['hint', FIRST, 'R1'], { env });
      expect({ code, out }).toEqual({ code: 2, out: '' });
      expect(err).toContain('npm run hint -- 01-first R1 --all');
    },
    SLOW,
  );
});

describe('a reset', () => {
  test(
    'and the way back, word for word as it is printed',
    async () => {
      writeProgram(workbook.root, FIRST, 'core');
      const done = await workbook.run(['reset', FIRST, '--yes']);
      expect({ code: done.code, err: done.err }).toEqual({ code: 0, err: '' });
      expect(mine()).toBe(PROGRAMS.stub);
      const back = /npm run reset -- (.+)/.exec(done.out)?.[1] ?? '';
      const restored = await workbook.run(['reset', ...back.split(' '), '--yes']);
      expect(restored.code).toBe(0);
      expect(mine()).toBe(PROGRAMS.core);
    },
    SLOW,
  );

  test(
    'without a terminal asks nobody and does nothing',
    async () => {
      writeProgram(workbook.root, FIRST, 'core');
      const child = workbook.spawn(workbook.commandLine(['reset', FIRST]));
      child.stdin?.end('yes\n');
      const { code, err } = await ended(child);
      expect(code).toBe(2);
      expect(err).toContain('npm run reset -- 01-first --yes');
      expect(mine()).toBe(PROGRAMS.core);
      expect(existsSync(join(workbook.root, '.workbook', 'kept'))).toBe(false);
    },
    SLOW,
  );

  test(
    'on a terminal asks, and takes the answer',
    async ({ skip }) => {
      if (spawnSync('script', ['-qec', 'true', '/dev/null']).status !== 0) {
        skip('a terminal for a test needs the program script of util-linux');
      }
      for (const [answer, code, program] of [
        ['no\n', 1, PROGRAMS.core],
        ['yes\n', 0, PROGRAMS.stub],
      ] as const) {
        writeProgram(workbook.root, FIRST, 'core');
        const line = workbook.commandLine(['reset', FIRST]).map((word) => `'${word}'`);
        const child = workbook.spawn(['script', '-qec', line.join(' '), '/dev/null']);
        child.stdin?.write(answer);
        const said = await ended(child);
        expect([said.code, mine()]).toEqual([code, program]);
        expect(said.out).toContain('Go on? Type yes');
      }
    },
    SLOW,
  );

  test(
    'leaves what a check needs: the untouched stub is the task again',
    async () => {
      writeProgram(workbook.root, FIRST, 'hanging');
      writeFileSync(inFirst('src', 'more.ts'), 'export {};\n');
      await workbook.run(['reset', FIRST, '--yes']);
      expect((await workbook.run(['check', FIRST])).out).toContain('Your task: 1 rule\n');
    },
    SLOW,
  );
});

test(
  'the solution waits for the pass or for a word, and is remembered',
  async () => {
    const before = await workbook.run(['solution', FIRST]);
    expect({ code: before.code, out: before.out }).toEqual({ code: 2, out: '' });
    writeProgram(workbook.root, FIRST, 'core');
    await workbook.run(['check', FIRST]);
    const after = await workbook.run(['solution', FIRST]);
    expect({ code: after.code, err: after.err }).toEqual({ code: 0, err: '' });
    expect(after.out).toContain('-  return Math.abs(value) * 2;\n+  return value * 2;\n');
    const state = withProgressOf(workbook.root, (progress) => progress.state(FIRST));
    expect(state.solutionShownAt).toBeGreaterThan(state.passedAt ?? Infinity);
  },
  SLOW,
);

test(
  'a pass that is lost again shows in the list',
  async () => {
    writeProgram(workbook.root, FIRST, 'right');
    await workbook.run(['check', FIRST]);
    await workbook.run(['reset', FIRST, '--yes']);
    await workbook.run(['check', FIRST]);
    const { out } = await workbook.run(['list']);
    expect(out).toMatch(/✗ 01-first .* fails now\n/);
    expect(out).toContain('1 of 2 passed · 1 mastered ★ · 1 of them fails now');
  },
  SLOW,
);

test(
  'files of another folder keep their --from in what to do next',
  async () => {
    const folder = join('solutions', FIRST, 'stub');
    const { out } = await workbook.run(['check', FIRST, '--from', folder]);
    expect(out).toContain(`npm run check -- 01-first --from ${folder}\n`);
  },
  SLOW,
);
