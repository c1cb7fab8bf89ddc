import { expect, test } from 'vitest';
import { parseMoney } from './money.ts';

// These run on your own parseMoney with: npx vitest run --root exercises/10-testing/src money
// In the check they run on other people's: ./money.ts is exchanged there, as ./subject.ts is.

test('parseMoney reads units and cents', () => {
  expect(parseMoney('12.50')).toBe(1250);
});

test('parseMoney reads an amount without cents', () => {
  expect(parseMoney('12')).toBe(1200);
});

test('parseMoney refuses a third digit after the point', () => {
  expect(() => parseMoney('1.234')).toThrow(RangeError);
});

// TODO R15: two more tests, for what these three leave open.
