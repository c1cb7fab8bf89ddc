import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { listExercises } from '../catalog/catalog.ts';
import { ROADMAP } from '../catalog/roadmap.ts';
import { UNTRIED } from '../progress/progress.ts';
import type { ExerciseState } from '../progress/progress.ts';
import { overview, takeOverview } from './overview.ts';
import type { Overview, OverviewEntry } from './overview.ts';
import { temporaryRoot } from './testing/fake-context.ts';
import { writeExercise } from './testing/made-exercises.ts';

function take(root: string, given: Record<string, Partial<ExerciseState>> | null, ci = false): Overview {
  const listed = listExercises(root);
  if (!listed.ok) throw new Error(listed.problem.message);
  const states =
    given === null
      ? null
      : new Map(Object.entries(given).map(([id, change]) => [id, { ...UNTRIED, ...change }]));
  return takeOverview(listed.exercises, states, ci);
}

function entry({ exercises }: Overview, id: string): OverviewEntry | undefined {
  return exercises.find((each) => each.id === id);
}

/** Two exercises, the second of which requires the first. */
function twoExercises(): string {
  const root = temporaryRoot();
  writeExercise(root, '01-a', { minutes: 20 });
  writeExercise(root, '02-b', { minutes: 50, requires: ['01-a'] });
  return root;
}

describe('the overview', () => {
  test('has every exercise of the roadmap and of the workbook, in the order of their ids', () => {
    const { exercises, schema } = take(twoExercises(), {});
    expect(schema).toBe(1);
    expect(exercises.map(({ id }) => id)).toEqual(
      ['01-a', '02-b', ...ROADMAP.map(({ id }) => id)].toSorted(),
    );
  });

  test('has the form that it describes', () => {
    const taken = take(twoExercises(), { '01-a': { passedAt: 5, attempts: 1 } });
    expect(overview.strict().parse(JSON.parse(JSON.stringify(taken)))).toEqual(taken);
  });

  test('knows the current exercise, and the minutes that are left in this workbook', () => {
    expect(take(twoExercises(), {})).toMatchObject({ current: '01-a', minutesLeft: 70, progress: true });
    expect(take(twoExercises(), { '01-a': { skipped: true } })).toMatchObject({
      current: '02-b',
      minutesLeft: 50,
    });
    expect(take(twoExercises(), { '01-a': { passedAt: 1 }, '02-b': { passedAt: 1 } })).toMatchObject({
      current: null,
      minutesLeft: 0,
    });
  });

  test('without progress locks nothing, and says that it knows nothing', () => {
    const taken = take(twoExercises(), null);
    expect(taken).toMatchObject({ progress: false, current: '01-a' });
    expect(entry(taken, '02-b')).toMatchObject({ state: 'open', missing: [] });
  });

  test('in CI locks nothing', () => {
    expect(entry(take(twoExercises(), {}, true), '02-b')?.state).toBe('open');
  });
});

describe('the state of an exercise', () => {
  test.each<[string, Partial<ExerciseState>, OverviewEntry['state']]>([
    ['never tried', {}, 'open'],
    ['tried', { attempts: 2 }, 'open'],
    ['passed', { passedAt: 1 }, 'passed'],
    ['passed after skipping it', { passedAt: 1, skipped: true }, 'passed'],
    ['mastered', { passedAt: 1, masteredAt: 1 }, 'mastered'],
    ['mastered before, failing now', { passedAt: 1, masteredAt: 1, nowFailing: true }, 'failing'],
    ['skipped', { skipped: true }, 'skipped'],
  ])('%s', (_name, state, expected) => {
    expect(entry(take(twoExercises(), { '01-a': state }), '01-a')?.state).toBe(expected);
  });

  test('locked, with what it waits for', () => {
    const root = twoExercises();
    writeExercise(root, '03-c', { requires: ['01-a', '02-b'] });
    const taken = take(root, { '01-a': { passedAt: 1 } });
    expect(entry(taken, '03-c')).toMatchObject({
      state: 'locked',
      requires: ['01-a', '02-b'],
      missing: ['02-b'],
    });
    expect(entry(take(root, { '03-c': { unlocked: true } }), '03-c')).toMatchObject({
      state: 'open',
      missing: [],
    });
    expect(entry(take(root, { '03-c': { skipped: true } }), '03-c')).toMatchObject({
      state: 'skipped',
      missing: [],
    });
  });

  test('planned, with what the roadmap says', () => {
    const taken = take(twoExercises(), {});
    expect(entry(taken, '04-jwt')).toMatchObject({
      state: 'planned',
      title: 'Tokens by hand, then middleware',
      phase: 2,
      minutes: 150,
      requires: ['03-crud-api'],
    });
  });

  test('broken, with the problem; the rest comes from the roadmap where it is known', () => {
    const root = twoExercises();
    writeExercise(root, '07-own', { phase: 9 });
    mkdirSync(join(root, 'exercises', '04-jwt'));
    const taken = take(root, {});
    expect(entry(taken, '07-own')).toMatchObject({
      state: 'broken',
      title: null,
      minutes: null,
      requires: null,
      problem: { file: 'exercises/07-own/exercise.json', key: 'phase', message: 'The value is 9.' },
    });
    expect(entry(taken, '04-jwt')).toMatchObject({ state: 'broken', phase: 2, minutes: 150 });
    expect(taken.minutesLeft).toBe(70);
  });

  test('that is broken keeps its pass', () => {
    const root = twoExercises();
    writeFileSync(join(root, 'exercises', '01-a', 'README.md'), 'no rules');
    expect(entry(take(root, { '01-a': { passedAt: 1 } }), '01-a')).toMatchObject({
      state: 'passed',
      passedAt: 1,
      problem: { file: 'exercises/01-a/README.md' },
    });
  });

  test('counts the core rules of the newest check', () => {
    const lastRules = [
      { id: 'R1', status: 'passed' as const },
      { id: 'R2', status: 'failed' as const },
    ];
    const taken = take(twoExercises(), { '01-a': { attempts: 3, lastRules } });
    expect(entry(taken, '01-a')).toMatchObject({ core: { passed: 1, total: 1 }, attempts: 3 });
    expect(entry(taken, '02-b')?.core).toBeNull();
  });
});
