import { describe, expect, test } from 'vitest';
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

describe('parseMoney, where the first three say nothing', () => {
  test.each([
    ['12.5', 1250],
    ['0.05', 5],
    ['0.5', 50],
    ['4.35', 435],
    ['1.15', 115],
    ['1234567890.99', 123456789099],
    ['  12.50 ', 1250],
    ['-12.50', -1250],
    ['-0.50', -50],
    ['-3', -300],
    [' -1.5 ', -150],
  ])('reads %j as %i cents', (text, cents) => {
    expect(parseMoney(text)).toBe(cents);
  });

  test.each([
    '',
    '   ',
    '-',
    '.',
    '.50',
    '-.5',
    '5.',
    '1.2.3',
    '1,50',
    '1 50',
    'abc',
    '12x',
    '1e3',
    '0x10',
    '--1',
    '+1',
  ])('refuses %j', (text) => {
    expect(() => parseMoney(text)).toThrow(RangeError);
  });
});
