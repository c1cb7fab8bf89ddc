import { expect, test } from 'vitest';
import { inWords } from './when.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

test.each([
  [-5, 'now'],
  [1, 'in a minute'],
  [10 * MINUTE, 'in 10 minutes'],
  [3 * HOUR, 'in 3 hours'],
  [DAY, 'tomorrow'],
  [3 * DAY, 'in 3 days'],
  [90 * DAY, 'in 3 months'],
])('%i ms from now is %s', (ms, words) => {
  expect(inWords(1_000 + ms, 1_000)).toBe(words);
});
