import { describe, expect, test } from 'vitest';
import { currentExercise, lockState, newlyOpened } from './lock.ts';
import { UNTRIED } from './state.ts';
import type { ExerciseState, States } from './state.ts';

const NOWHERE = { ci: false, from: false, assigned: false };
const PASSED = { passedAt: 1 };
const SKIPPED = { skipped: true };
const UNLOCKED = { unlocked: true };

const EXERCISES = [
  { id: '01-a', requires: [] },
  { id: '02-b', requires: ['01-a'] },
  { id: '03-c', requires: ['02-b'] },
  { id: '13-d', requires: ['01-a', '03-c'] },
];

describe('lockState', () => {
  test('an exercise that requires nothing is open', () => {
    expect(lockState('01-a', [], states({}), NOWHERE)).toEqual({ kind: 'open', why: 'no-requirements' });
  });

  test('an exercise is locked until all it requires is passed, and names what is missing in order', () => {
    const requires = ['01-a', '02-b', '03-c'];
    expect(lockState('13-d', requires, states({ '02-b': PASSED }), NOWHERE)).toEqual({
      kind: 'locked',
      missing: ['01-a', '03-c'],
    });
    const all = states({ '01-a': PASSED, '02-b': PASSED, '03-c': PASSED });
    expect(lockState('13-d', requires, all, NOWHERE)).toEqual({ kind: 'open', why: 'requirements-passed' });
  });

  test('trying a requirement, or unlocking it, is not passing it', () => {
    const tried = states({ '01-a': { attempts: 3, bestPoints: 4, unlocked: true } });
    expect(lockState('02-b', ['01-a'], tried, NOWHERE)).toEqual({ kind: 'locked', missing: ['01-a'] });
  });

  test('a pass counts although a later attempt failed', () => {
    const failing = states({ '01-a': { passedAt: 1, nowFailing: true } });
    expect(lockState('02-b', ['01-a'], failing, NOWHERE).kind).toBe('open');
  });

  test('a skipped requirement counts as done, and the reason says so', () => {
    const mixed = states({ '01-a': PASSED, '02-b': SKIPPED });
    expect(lockState('03-c', ['01-a', '02-b'], mixed, NOWHERE)).toEqual({
      kind: 'open',
      why: 'skipped-requirements',
    });
    const later = states({ '01-a': { ...PASSED, ...SKIPPED } });
    expect(lockState('02-b', ['01-a'], later, NOWHERE)).toEqual({ kind: 'open', why: 'requirements-passed' });
  });

  test('skipping an exercise does not open that exercise', () => {
    expect(lockState('02-b', ['01-a'], states({ '02-b': SKIPPED }), NOWHERE).kind).toBe('locked');
  });

  test('an exercise that was opened by hand is open, and opens no other', () => {
    const opened = states({ '02-b': UNLOCKED });
    expect(lockState('02-b', ['01-a'], opened, NOWHERE)).toEqual({ kind: 'open', why: 'unlocked' });
    expect(lockState('03-c', ['02-b'], opened, NOWHERE)).toEqual({ kind: 'locked', missing: ['02-b'] });
  });

  test.each(['ci', 'from', 'assigned'] as const)('nothing is locked in the context %s', (name) => {
    expect(lockState('02-b', ['01-a'], states({}), { ...NOWHERE, [name]: true })).toEqual({
      kind: 'open',
      why: 'unlocked-by-context',
    });
  });

  test('what the learner reached or opened is named before the context', () => {
    const everywhere = { ci: true, from: true, assigned: true };
    const why = (given: States) => lockState('02-b', ['01-a'], given, everywhere);
    expect(why(states({ '01-a': PASSED }))).toEqual({ kind: 'open', why: 'requirements-passed' });
    expect(why(states({ '02-b': UNLOCKED }))).toEqual({ kind: 'open', why: 'unlocked' });
  });
});

describe('currentExercise', () => {
  test('is the first exercise at the beginning', () => {
    expect(currentExercise(EXERCISES, states({}))).toBe('01-a');
  });

  test('is the first open one that is neither passed nor skipped', () => {
    expect(currentExercise(EXERCISES, states({ '01-a': PASSED, '02-b': SKIPPED }))).toBe('03-c');
  });

  test('stays at the earlier exercise when a later one was opened by hand', () => {
    expect(currentExercise(EXERCISES, states({ '03-c': UNLOCKED }))).toBe('01-a');
  });

  test('passes over what is locked', () => {
    const given = states({ '01-a': SKIPPED, '13-d': UNLOCKED });
    const shuffled = [{ id: '03-c', requires: ['02-b'] }, ...EXERCISES.filter(({ id }) => id !== '02-b')];
    expect(currentExercise(shuffled, given)).toBe('13-d');
  });

  test('is null when all is passed or skipped', () => {
    const done = states({ '01-a': PASSED, '02-b': SKIPPED, '03-c': PASSED, '13-d': PASSED });
    expect(currentExercise(EXERCISES, done)).toBeNull();
  });
});

describe('newlyOpened', () => {
  test('names what a pass opened', () => {
    expect(newlyOpened(states({}), states({ '01-a': PASSED }), EXERCISES)).toEqual(['02-b']);
  });

  test('names several in order, and waits for the last requirement', () => {
    const before = states({ '02-b': PASSED, '03-c': PASSED });
    const after = states({ '01-a': PASSED, '02-b': UNLOCKED, '03-c': PASSED });
    expect(newlyOpened(before, after, EXERCISES)).toEqual(['02-b', '13-d']);
  });

  test('names nothing when an attempt changed no lock', () => {
    const passed = states({ '01-a': PASSED });
    expect(newlyOpened(passed, states({ '01-a': { ...PASSED, nowFailing: true } }), EXERCISES)).toEqual([]);
  });

  test('leaves out what is done already', () => {
    const before = states({ '02-b': PASSED });
    expect(newlyOpened(before, states({ '01-a': PASSED, '02-b': PASSED }), EXERCISES)).toEqual([]);
  });

  test('names what was opened by hand or by skipping', () => {
    expect(newlyOpened(states({}), states({ '03-c': UNLOCKED }), EXERCISES)).toEqual(['03-c']);
    expect(newlyOpened(states({}), states({ '02-b': SKIPPED }), EXERCISES)).toEqual(['03-c']);
  });
});

function states(given: Record<string, Partial<ExerciseState>>): States {
  return new Map(Object.entries(given).map(([id, change]) => [id, { ...UNTRIED, ...change }]));
}
