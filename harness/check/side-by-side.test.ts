import { availableParallelism } from 'node:os';
import { expect, test } from 'vitest';
import type { Exercise } from '../catalog/exercise.ts';
import type { Warm } from './check.ts';
import { isSideBySide } from './side-by-side.ts';
import type { Stand } from './stand.ts';

const exercise = (...packages: string[][]): Exercise =>
  ({
    parts: packages.map((each, index) => ({ name: `part-${index}`, packages: each })),
  }) as unknown as Exercise;
const TWO = exercise([], ['express']);

test.skipIf(availableParallelism() === 1)('the parts of an exercise are judged side by side', () => {
  expect(isSideBySide({ exercise: TWO, inspect: false })).toBe(true);
  expect(isSideBySide({ exercise: exercise(['express']), inspect: false })).toBe(false);
});

test('whoever judges many, holds a debugger, or stands in a rule, meets one part after the other', () => {
  expect(isSideBySide({ exercise: TWO, inspect: false, inTurn: true })).toBe(false);
  expect(isSideBySide({ exercise: TWO, inspect: true })).toBe(false);
  expect(isSideBySide({ exercise: TWO, inspect: false, stand: {} as Stand })).toBe(false);
});

test('two parts that share the one Redis run in turn', () => {
  expect(isSideBySide({ exercise: exercise(['ioredis'], ['ioredis']), inspect: false })).toBe(false);
});

test('what was started ahead of time has lanes of its own, always', () => {
  expect(isSideBySide({ exercise: exercise([]), inspect: false, warm: {} as Warm })).toBe(true);
});
