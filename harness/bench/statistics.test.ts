import { expect, test } from 'vitest';
import { summary } from './statistics.ts';

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
