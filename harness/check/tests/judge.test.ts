import { describe, expect, test } from 'vitest';
import type { TestReport, TestsReport } from '../../message/tests.ts';
import type { TestsRun } from '../../subject/tests/run.ts';
import { catchOf, faultsOf, isLate, passedIn } from './judge.ts';

const FILES = ['src/a.test.ts', 'src/b.test.ts'];
const REACHED = { calls: { f: 1 }, requests: 0, programRequests: 0, started: 0, stopped: 0 };
const OUTPUT = { text: '', truncated: false };

const passed = (name: string): TestReport => ({ name, state: 'passed', errors: [] });
const failed = (name: string, { late = false } = {}): TestReport => ({
  name,
  state: 'failed',
  errors: [{ name: 'AssertionError', message: 'no', stack: '', late }],
});

function ranWith(...files: TestReport[][]): TestsRun {
  return report({ files: files.map((tests) => ({ path: '', problems: [], tests })) });
}

function report(parts: Partial<TestsReport>): TestsRun {
  const whole = { files: [], waits: [], dialled: [], strays: [], ...parts };
  return { end: { kind: 'report', report: whole }, reached: REACHED, output: OUTPUT };
}

const error = { name: 'Error', message: 'at import', stack: '', late: false };
const dead: TestsRun['end'] = {
  kind: 'dead',
  death: { cause: 'exited', why: 'it ended itself', error: null },
};

const LATE = { kind: 'late', why: 'whole', seconds: 60, progress: null } as const;

describe('a right program', () => {
  test('is met cleanly when every test passes; skipped ones are no fault, and no pass', () => {
    const run = ranWith([passed('one'), { name: 'two', state: 'skipped', errors: [] }]);
    expect(faultsOf(run, FILES)).toEqual([]);
    expect(passedIn(run, FILES)).toEqual(new Set(['src/a.test.ts\none']));
  });

  test('is rejected by a test that fails, named with its file', () => {
    expect(faultsOf(ranWith([passed('one')], [failed('one')]), FILES)).toMatchObject([
      { test: { file: 'src/b.test.ts', name: 'one' }, error: { message: 'no' }, cause: 'wrong' },
    ]);
  });

  test.each([
    [
      'a file that cannot be loaded',
      report({ files: [{ path: '', problems: [error], tests: [] }] }),
      'wrong',
    ],
    [
      'an error that nobody waited for',
      report({ strays: [{ name: 'E', message: 'm', code: null }] }),
      'wrong',
    ],
    ['a process that ended', { ...ranWith(), end: dead }, 'exited'],
    ['no end', { ...ranWith(), end: LATE }, 'hung'],
  ])('is rejected by %s', (_what, run, cause) => {
    expect(faultsOf(run, FILES)).toMatchObject([{ cause }]);
  });
});

describe('a broken program', () => {
  const trusted = new Set(['src/a.test.ts\none', 'src/b.test.ts\ntwo']);

  test('is caught by a test that fails on it and passed on the right ones', () => {
    expect(catchOf(ranWith([passed('one')], [failed('two')]), FILES, trusted)).toEqual({
      kind: 'caught',
      by: { file: 'src/b.test.ts', name: 'two' },
    });
  });

  test('is not caught when every test passes', () => {
    expect(catchOf(ranWith([passed('one')], [passed('two')]), FILES, trusted)).toEqual({ kind: 'none' });
  });

  test.each([
    ['a time limit that ran out', ranWith([failed('one', { late: true })]), /time limit/],
    ['a test that does not pass on every right program', ranWith([failed('three')]), /every right program/],
    ['a test of the same name in another file', ranWith([failed('two')]), /every right program/],
    ['a file as a whole', report({ files: [{ path: '', problems: [error], tests: [] }] }), /as a whole/],
    [
      'a test that never met the program',
      { ...ranWith([failed('one')]), reached: { ...REACHED, calls: {} } },
      /never met/,
    ],
    ['the end of the process', { ...ranWith(), end: dead }, /ended/],
    ['no end', { ...ranWith(), end: LATE }, /come to an end/],
  ])('is not caught by %s', (_what, run, why) => {
    const judged = catchOf(run, FILES, trusted);
    expect(judged.kind).toBe('not-counted');
    expect(judged.kind === 'not-counted' ? judged.why : '').toMatch(why);
  });

  test('a program of ours that cannot be started is a failure of ours, and no catch', () => {
    const run: TestsRun = { ...ranWith(), end: { kind: 'broken', why: 'no' } };
    expect(() => catchOf(run, FILES, trusted)).toThrow('no');
    expect(() => faultsOf(run, FILES)).toThrow('no');
  });
});

describe('a time limit that ran out', () => {
  const told = (end: TestsRun['end']): string | undefined =>
    faultsOf({ ...ranWith(), end }, FILES)[0]?.error.message;
  const progress = { ended: 211, of: 348, file: 1, files: 2 };

  test('is told with how far the tests came', () => {
    expect(told({ ...LATE, progress })).toBe(
      'your tests did not come to an end within 60 seconds (they came to test 212 of 348, in file 1 of 2)',
    );
    expect(told({ ...LATE, progress: { ...progress, ended: 0, of: 0 } })).toMatch(
      /file 1 of 2 was being loaded/,
    );
  });

  test('is another thing when nothing moved', () => {
    expect(told({ ...LATE, why: 'silence', seconds: 10, progress })).toMatch(
      /^nothing moved for 10 seconds: .* test 212 of 348/,
    );
  });

  test('of one test alone makes a run late, and nothing else does', () => {
    expect(isLate(ranWith([failed('one', { late: true })]))).toBe(true);
    expect(isLate({ ...ranWith(), end: LATE })).toBe(true);
    expect(isLate(ranWith([failed('one')], [passed('two')]))).toBe(false);
    expect(isLate({ ...ranWith(), end: dead })).toBe(false);
  });
});
