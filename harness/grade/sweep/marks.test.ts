import { describe, expect, test } from 'vitest';
import type { Assignment } from '../assignment/assignment.ts';
import { exerciseOf, ruleOf } from '../testing/exercise.ts';
import { gradebookOf, receiptsOf, studentGradeOf } from './marks.ts';
import type { Asked, Class, Entry, Found } from './marks.ts';
import { ASSIGNMENT, HOUR, NOON } from './testing/made-class.ts';
import type { Summary } from './work.ts';

const rules = [ruleOf('R1'), ruleOf('R2', { keep: true }), ruleOf('R3', { tier: 'extra' })];
const asked = (asks: 'core' | 'all'): Asked => ({
  exercise: exerciseOf('01-first', { rules }),
  assigned: { id: '01-first', weight: 10, asks, opens: null, due: NOON },
});

const SUMMARY: Summary = {
  status: 'passed',
  mastered: false,
  error: null,
  problem: null,
  rules: [
    ['R1', 'passed'],
    ['R2', 'passed'],
    ['R3', 'failed'],
  ],
  isolation: 'namespace',
  at: new Date(NOON).toISOString(),
  harness: '1.0.0',
  run: null,
};

const entry = (seen: number, changes: Partial<Entry> = {}): Entry => ({
  exercise: '01-first',
  missing: false,
  work: {
    key: 'k',
    parts: {
      exercise: '01-first',
      files: 'f',
      suite: 's',
      harness: 'h',
      node: '20.1',
      isolation: 'namespace',
    },
    seen,
  },
  summary: SUMMARY,
  problem: null,
  ...changes,
});

const found = (given: Entry, changes: Partial<Found> = {}, received: number | null = null): Found => ({
  row: {
    line: 2,
    student: 's-1',
    name: null,
    email: null,
    team: null,
    repo: 'r',
    target: '/r',
    received,
    problem: null,
  },
  problem: null,
  commit: null,
  committedAt: null,
  own: false,
  entries: [given],
  ...changes,
});

const assignment = (asks: 'core' | 'all' = 'all', changes: Partial<Assignment> = {}): Assignment => ({
  ...ASSIGNMENT,
  exercises: [asked(asks).assigned],
  ...changes,
});

const given = (asks: 'core' | 'all' = 'all', changes: Partial<Assignment> = {}): Class => ({
  assignment: assignment(asks, changes),
  asked: [asked(asks)],
  isolation: 'namespace',
  harness: '1.0.0',
  detail: null,
});

describe('when it was received', () => {
  const receipt = (...args: Parameters<typeof found>) =>
    receiptsOf(found(...args), assignment()).get('01-first');

  test.each([
    [
      'the roster, before all else',
      entry(NOON + HOUR),
      { committedAt: NOON - HOUR },
      NOON + 2,
      [NOON + 2, 'known'],
    ],
    ['a sweep that saw it in time', entry(NOON - 1), { committedAt: NOON - HOUR }, null, [NOON - 1, 'known']],
    ['the due time itself is in time', entry(NOON), { committedAt: NOON - HOUR }, null, [NOON, 'known']],
    [
      'else the commit, which may be made up',
      entry(NOON + HOUR),
      { committedAt: NOON - 5 },
      null,
      [NOON - 5, 'self-declared'],
    ],
    [
      'not a commit from the future',
      entry(NOON + HOUR),
      { committedAt: NOON + 2 * HOUR },
      null,
      [NOON + HOUR, 'known'],
    ],
    ['else the first sweep that saw it', entry(NOON + HOUR), {}, null, [NOON + HOUR, 'known']],
  ] as const)('%s', (_what, seen, changes, received, [at, by]) => {
    expect(receipt(seen, changes, received)).toEqual({ at, by });
  });
});

describe('a mark', () => {
  test('counts the rules that are asked for, and none that the stub keeps', () => {
    const all = studentGradeOf(found(entry(NOON)), given('all'));
    expect(all.exercises[0]).toMatchObject({ points: 1, maxPoints: 2, score: 5 });
    const core = studentGradeOf(found(entry(NOON)), given('core'));
    expect(core.exercises[0]).toMatchObject({ points: 1, maxPoints: 1, score: 10 });
    expect(core).toMatchObject({ score: 10, maxScore: 10 });
  });

  test('is less where it is late, and says by what evidence', () => {
    const late = studentGradeOf(found(entry(NOON + HOUR), { committedAt: NOON + 1 }), given('core'));
    expect(late.exercises[0]).toMatchObject({ score: 9, lateness: { lateMs: 1, factor: 0.9 } });
    expect(late.received).toEqual({ at: new Date(NOON + 1).toISOString(), by: 'self-declared' });
  });

  test('of what could not be judged is nothing, whatever rules passed before', () => {
    const broken = entry(NOON, {
      summary: { ...SUMMARY, status: 'error', error: 'harness', problem: 'It broke.' },
    });
    expect(studentGradeOf(found(broken), given()).exercises[0]).toMatchObject({
      status: 'error',
      points: 0,
      score: 0,
      problem: 'It broke.',
    });
  });
});

test('the gradebook tells no more than anybody may be told: before the due time of the last extension, less', () => {
  const show = { before: 'score', after: 'full' } as const;
  const extensions = [{ student: 's-1', exercise: null, due: NOON + 3 * HOUR, why: '' }];
  const detail = (now: number, changes: Partial<Assignment>): string => {
    const all = given('all', { show, ...changes });
    return gradebookOf([studentGradeOf(found(entry(NOON)), all)], all, now).detail;
  };
  expect(detail(NOON + HOUR, {})).toBe('full');
  expect(detail(NOON, {})).toBe('score');
  expect(detail(NOON + HOUR, { extensions })).toBe('score');
  expect(detail(NOON + 4 * HOUR, { extensions })).toBe('full');
});
