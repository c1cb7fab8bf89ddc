import { existsSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { missing } from '../subject/testing/levels.ts';
import { parseVerdict } from '../verdict/verdict.ts';
import type { Verdict } from '../verdict/verdict.ts';
import { BuiltWorkbook } from './testing/built-workbook.ts';
import { withProgressOf } from './testing/learner.ts';
import { FIRST, SECOND, writeProgram } from './testing/made-exercises.ts';

/** Whole checks, as a learner types them: each is a process of its own on a built workbook. */
let workbook: BuiltWorkbook;

beforeAll(async () => {
  workbook = await BuiltWorkbook.built();
}, 60_000);
beforeEach(() => workbook.restore());
afterAll(() => workbook.remove());

const SLOW = 60_000;

function verdictOf(text: string): Verdict {
  const parsed = parseVerdict(JSON.parse(text));
  if (!parsed.ok) throw new Error(parsed.problem);
  return parsed.verdict;
}

const stateOf = (id: string) => withProgressOf(workbook.root, (progress) => progress.state(id));

describe('npm run check', () => {
  test(
    'without an id judges the current exercise; the untouched stub is a task and no pass',
    async () => {
      const { code, out, err } = await workbook.run(['check']);
      expect({ code, err }).toEqual({ code: 1, err: '' });
      expect(out).toContain('01-first · Twice as much\n\nYour task: 1 rule\n');
      expect(out).not.toContain('\u001b');
      expect(stateOf(FIRST)).toMatchObject({ attempts: 1, passedAt: null });
      expect(workbook.leftovers()).toEqual([]);
    },
    SLOW,
  );

  test(
    'ends with 0 on a pass, names what opens, and the next process knows of it',
    async () => {
      writeProgram(workbook.root, FIRST, 'core');
      const passed = await workbook.run(['check', FIRST]);
      expect({ code: passed.code, err: passed.err }).toEqual({ code: 0, err: '' });
      expect(passed.out).toContain('passed: 1 of 1 core · 0 of 1 extra\nunlocked: 02-second\n');

      const next = await workbook.run(['list']);
      expect(next.out).toContain('next: npm run check 02-second\n');
    },
    SLOW,
  );

  test(
    'of an assigned exercise is not locked, and says below the verdict when it is due',
    async () => {
      const folder = join(workbook.root, 'assignments');
      mkdirSync(folder);
      writeFileSync(
        join(folder, 'week-1.yaml'),
        `schema: 1\ntimezone: UTC\ndue: 2100-01-01 12:00\nexercises:\n  - id: ${SECOND}\n`,
      );
      try {
        const { code, out, err } = await workbook.run(['check', SECOND]);
        expect({ code, err }).toEqual({ code: 1, err: '' });
        expect(out).toMatch(/\ndue Fri 1 Jan 2100 12:00 UTC, in \d+ days \(week-1\)\n$/);
      } finally {
        rmSync(folder, { recursive: true });
      }
    },
    SLOW,
  );

  test(
    'with --json prints one verdict on stdout, and talk on stderr',
    async () => {
      writeProgram(workbook.root, FIRST, 'right');
      writeFileSync(join(workbook.root, '.workbook', 'progress.sqlite'), 'garbage'.repeat(500));
      const { code, out, err } = await workbook.run(['check', FIRST, '--json', '--seed', '7']);
      expect(code).toBe(0);
      expect(verdictOf(out)).toMatchObject({
        exercise: FIRST,
        status: 'passed',
        mastered: true,
        seed: 7,
        harness: '0.1.0',
      });
      expect(err).toMatch(/^The progress file .* was damaged[^\n]*\n$/);
      expect(
        readdirSync(join(workbook.root, '.workbook')).filter((name) => /damaged/.test(name)),
      ).toHaveLength(1);
      expect(stateOf(FIRST).passedAt).not.toBeNull();
    },
    SLOW,
  );

  test.skipIf(missing !== null)(
    'with --isolation namespace shuts the program in, and the verdict says so',
    async () => {
      writeProgram(workbook.root, FIRST, 'right');
      const { code, out } = await workbook.run(['check', FIRST, '--json', '--isolation', 'namespace']);
      expect(verdictOf(out)).toMatchObject({ status: 'passed', mastered: true, isolation: 'namespace' });
      expect(code).toBe(0);
    },
    SLOW,
  );

  test.runIf(process.platform === 'linux')(
    'judges nothing where the level that was asked for does not work',
    async () => {
      writeProgram(workbook.root, FIRST, 'right');
      const argv = ['check', FIRST, '--json', '--isolation', 'namespace'];
      const { code, out } = await workbook.run(argv, { env: { PATH: '/nonexistent' } });
      expect(code).toBe(4);
      const verdict = verdictOf(out);
      expect(verdict).toMatchObject({ status: 'error', points: 0, error: { kind: 'harness' } });
      expect(verdict.error?.message).toMatch(
        /nothing was judged\. bubblewrap is not installed\. This helps: /,
      );
      expect(verdict.rules.some(({ status }) => status === 'passed')).toBe(false);
      expect(stateOf(FIRST).passedAt).toBeNull();
    },
    SLOW,
  );

  test(
    'with one rule says only whether that one passes, and records nothing',
    async () => {
      writeProgram(workbook.root, FIRST, 'core');
      const kept = await workbook.run(['check', FIRST, 'r1']);
      expect(kept.code).toBe(0);
      expect(kept.out).toContain('R1 passes');
      const missed = await workbook.run(['check', FIRST, 'R2', '--json']);
      expect(missed.code).toBe(1);
      expect(verdictOf(missed.out).rules.map(({ status }) => status)).toEqual(['passed', 'failed']);
      expect(stateOf(FIRST).attempts).toBe(0);
    },
    SLOW,
  );

  test(
    'in CI opens what is locked',
    async () => {
      expect((await workbook.run(['check', SECOND])).code).toBe(3);
      const { code, out } = await workbook.run(['check', SECOND], { env: { CI: 'true' } });
      expect(code).toBe(1);
      expect(out).toContain('02-second · Twice as much');
    },
    SLOW,
  );

  test(
    'opens after unlock, and after skip',
    async () => {
      expect((await workbook.run(['unlock', SECOND])).code).toBe(0);
      expect((await workbook.run(['check', SECOND])).code).toBe(1);
      workbook.restore();
      expect((await workbook.run(['skip', FIRST])).code).toBe(0);
      expect((await workbook.run(['list'])).out).toContain('next: npm run check 02-second\n');
    },
    SLOW,
  );

  test(
    'with --from judges another folder, is never locked, and records nothing',
    async () => {
      writeProgram(workbook.root, FIRST, 'right');
      // Named by a link: who types it means what is behind it.
      symlinkSync(
        join(workbook.root, 'exercises', FIRST),
        join(workbook.root, 'solutions', 'link'),
        'junction',
      );
      const { code, out, err } = await workbook.run(['check', SECOND, '--from', join('solutions', 'link')]);
      expect({ code, err }).toEqual({ code: 0, err: '' });
      expect(out).toContain('This pass was not written to your progress.');
      expect(existsSync(join(workbook.root, '.workbook', 'progress.sqlite'))).toBe(false);
    },
    SLOW,
  );
});

describe('npm run check -- --all', () => {
  test(
    'rebuilds progress that was deleted, and says what was not begun',
    async () => {
      writeProgram(workbook.root, SECOND, 'right');
      const { code, out, err } = await workbook.run(['check', '--all']);
      expect({ code, err }).toEqual({ code: 0, err: '' });
      expect(out).toBe(
        '01-first   not started\n02-second  mastered · 1 of 1 core · 2 of 2 points\n\n1 of 2 passed\n',
      );
      expect(stateOf(SECOND).masteredAt).not.toBeNull();
      // It was passed without its lock, so its lock is gone.
      expect((await workbook.run(['check', SECOND])).code).toBe(0);
    },
    SLOW,
  );

  test(
    'prints a list of verdicts as JSON; the worst result is the exit code',
    async () => {
      writeProgram(workbook.root, FIRST, 'right');
      writeProgram(workbook.root, SECOND, 'hanging');
      const { code, out } = await workbook.run(['check', '--all', '--json']);
      expect(code).toBe(1);
      const verdicts = z.array(z.unknown()).parse(JSON.parse(out));
      expect(verdicts.map((each) => verdictOf(JSON.stringify(each)).status)).toEqual(['passed', 'failed']);
    },
    SLOW,
  );

  test(
    'judges the others when an exercise is damaged, and ends with 2',
    async () => {
      writeFileSync(join(workbook.root, 'exercises', SECOND, 'src', 'double.ts'), 'export const = 1;\n');
      rmSync(join(workbook.root, 'exercises', FIRST, 'hidden'), { recursive: true });
      const { code, out, err } = await workbook.run(['check', '--all']);
      expect(code).toBe(2);
      expect(err).toContain('exercises/01-first/hidden\n  It does not exist.');
      expect(out).toBe('02-second  syntax error · npm run check 02-second says more\n\n0 of 1 passed\n');
    },
    SLOW,
  );
});

test(
  'a real exercise: its solution passes and masters it, its stub does not',
  async () => {
    const id = '01-http-server';
    workbook.addReal(id);
    const solved = await workbook.run(['check', id, '--json', '--from', join('solutions', id)]);
    expect(verdictOf(solved.out)).toMatchObject({ exercise: id, status: 'passed', mastered: true });
    expect(solved.code).toBe(0);
    const stub = await workbook.run(['check', id, '--json', '--from', join('solutions', id, 'stub')]);
    expect(verdictOf(stub.out)).toMatchObject({ status: 'failed', points: 0 });
    expect(stub.code).toBe(1);
    expect(workbook.leftovers()).toEqual([]);
  },
  SLOW,
);
