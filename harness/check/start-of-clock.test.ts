import { expect, test } from 'vitest';
import { startOfClock } from './start-of-clock.ts';

const SEEDS = Array.from({ length: 3_000 }, (_, seed) => seed);

test('the clock never begins at a whole second', () => {
  expect(SEEDS.filter((seed) => startOfClock(seed) % 1_000 === 0)).toEqual([]);
});

test('it begins elsewhere under every seed, in the thirties, and at the same place under the same', () => {
  const starts = SEEDS.map(startOfClock);
  expect(new Set(starts).size).toBe(SEEDS.length);
  expect(Math.min(...starts)).toBeGreaterThanOrEqual(Date.UTC(2031, 0, 1));
  expect(Math.max(...starts, startOfClock(2 ** 31 - 1))).toBeLessThan(Date.UTC(2040, 0, 1));
  expect(startOfClock(7)).toBe(startOfClock(7));
});
