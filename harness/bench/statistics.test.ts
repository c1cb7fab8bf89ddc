import { expect, test } from 'vitest';
import { percentile, summary } from './statistics.ts';

test('the median of an odd and of an even number of values, in any order', () => {
  expect(summary([3, 1, 2])).toEqual({ min: 1, median: 2, max: 3 });
  expect(summary([10, 1, 4, 2])).toEqual({ min: 1, median: 3, max: 10 });
});

test('numbers are compared as numbers', () => {
  expect(summary([9, 10, 100])).toEqual({ min: 9, median: 10, max: 100 });
});

test('nothing measured is no result', () => {
  expect(() => summary([])).toThrow(RangeError);
});

test('the 95th percentile leaves one of twenty above it, and of few values it is the largest', () => {
  const twenty = Array.from({ length: 20 }, (_, index) => 20 - index);
  expect(percentile(twenty, 0.95)).toBe(19);
  expect(percentile([3, 9, 5], 0.95)).toBe(9);
  expect(percentile([3], 0)).toBe(3);
  expect(() => percentile([], 0.95)).toThrow(RangeError);
});
