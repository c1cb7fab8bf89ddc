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

describe('one or two digits after the point', () => {
  test.each([
    ['12.5', 1250],
    ['12.05', 1205],
    ['0.01', 1],
    ['0.1', 10],
    ['0.29', 29],
    ['1.15', 115],
    ['4.35', 435],
    ['8.2', 820],
    ['1.1', 110],
    ['1000000.07', 100000007],
    ['1234567890.12', 123456789012],
    ['5.00', 500],
  ])('%s is %d', (text, cents) => {
    expect(parseMoney(text)).toBe(cents);
  });
});

test.each(['0', '0.00', '-0', '-0.00'])('%s is nothing', (text) => {
  expect(parseMoney(text) + 0).toBe(0);
});

describe('spaces around it do not matter', () => {
  test.each([
    [' 12.50', 1250],
    ['12.50 ', 1250],
    ['  12  ', 1200],
    [' -3.5 ', -350],
  ])('"%s" is %d', (text, cents) => {
    expect(parseMoney(text)).toBe(cents);
  });
});

describe('a minus makes it negative', () => {
  test.each([
    ['-12.50', -1250],
    ['-12.5', -1250],
    ['-12', -1200],
    ['-0.50', -50],
    ['-0.01', -1],
    ['-4.35', -435],
    ['-1.15', -115],
  ])('%s is %d', (text, cents) => {
    expect(parseMoney(text)).toBe(cents);
  });
});

describe('everything else is a RangeError', () => {
  test.each([
    '',
    ' ',
    '-',
    '.',
    '.5',
    '-.5',
    '12.',
    '-12.',
    '1.234',
    '1.000',
    '1.2.3',
    '1,50',
    '1 50',
    '1. 5',
    '1e3',
    '0x10',
    '--5',
    '5-',
    '+5',
    'abc',
    '12a',
    'a12',
    '12.5a',
    '12 EUR',
    'NaN',
    'Infinity',
    '1.-5',
  ])('"%s"', (text) => {
    expect(() => parseMoney(text)).toThrow(RangeError);
  });
});
