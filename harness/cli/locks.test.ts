import { describe, expect, test } from 'vitest';
import { listExercises } from '../catalog/catalog.ts';
import type { ListedExercise } from '../catalog/catalog.ts';
import { UNTRIED } from '../progress/progress.ts';
import type { ExerciseState, States } from '../progress/progress.ts';
import { inWords, lockedText, lockOf } from './locks.ts';
import { temporaryRoot } from './testing/fake-context.ts';
import { writeExercise } from './testing/made-exercises.ts';

const states = (given: Record<string, Partial<ExerciseState>>): States =>
  new Map(Object.entries(given).map(([id, change]) => [id, { ...UNTRIED, ...change }]));

function workbook(exercises: Record<string, string[]>): ListedExercise[] {
  const root = temporaryRoot();
  for (const [id, requires] of Object.entries(exercises)) writeExercise(root, id, { requires });
  const listed = listExercises(root);
  if (!listed.ok) throw new Error(listed.problem.message);
  return listed.exercises;
}

describe('an exercise', () => {
  const second = { id: '02-b', requires: ['01-a'] };

  test('is locked while what it builds on is missing', () => {
    expect(lockOf(second, states({}), false)).toEqual({ kind: 'locked', missing: ['01-a'] });
    expect(lockOf(second, states({ '01-a': { passedAt: 1 } }), false)).toEqual({ kind: 'open' });
    expect(lockOf(second, states({ '02-b': { unlocked: true } }), false)).toEqual({ kind: 'open' });
  });

  test('is open in CI', () => {
    expect(lockOf(second, states({}), true)).toEqual({ kind: 'open' });
  });

  test('is open when nobody knows what was passed', () => {
    expect(lockOf(second, null, false)).toEqual({ kind: 'open' });
  });

  test('stays open once it is passed, whatever it builds on', () => {
    expect(lockOf(second, states({ '02-b': { passedAt: 1 } }), false)).toEqual({ kind: 'open' });
  });
});

describe('the text of a lock', () => {
  test('says why, and three ways on', () => {
    const listed = workbook({ '01-a': [], '02-b': ['01-a'] });
    expect(lockedText('02-b', ['01-a'], listed, states({}))).toBe(`02-b is locked: it builds on 01-a.
  Pass what comes first:  npm run check 01-a
  Or skip:                npm run skip 01-a
  Or open this one now:   npm run unlock 02-b`);
  });

  test('sends to the exercise that can be begun, not to the next locked one', () => {
    const listed = workbook({ '01-a': [], '02-b': ['01-a'], '03-c': ['02-b'], '14-x': [] });
    expect(lockedText('03-c', ['02-b'], listed, states({ '14-x': { passedAt: 1 } }))).toContain(
      'Pass what comes first:  npm run check 01-a\n  Or skip:                npm run skip 02-b\n',
    );
  });

  test('names everything that must be skipped, up to three', () => {
    const all = ['01-a', '02-b', '03-c', '04-d'];
    const listed = workbook(
      Object.fromEntries([...all.map((id) => [id, []]), ['05-e', all]]) as Record<string, string[]>,
    );
    const text = lockedText('05-e', all, listed, states({}));
    expect(text).toContain('it builds on 01-a, 02-b and 2 more.');
    expect(text.match(/npm run skip \S+/g)).toEqual(
      ['01-a', '02-b', '03-c'].map((id) => `npm run skip ${id}`),
    );
  });

  test('offers nothing that cannot work: a requirement that is not in this workbook', () => {
    const listed = workbook({ '03-crud-api': ['02-sql'] });
    expect(lockedText('03-crud-api', ['02-sql'], listed, states({}))).toBe(
      '03-crud-api is locked: it builds on 02-sql, which is not in this workbook.\n  Open it now:            npm run unlock 03-crud-api',
    );
  });
});

test('ids in words', () => {
  expect([1, 2, 3, 4].map((count) => inWords(['a', 'b', 'c', 'd'].slice(0, count)))).toEqual([
    'a',
    'a and b',
    'a, b and c',
    'a, b and 2 more',
  ]);
});
