import { expect, test } from 'vitest';
import { parseMoney } from './money.ts';

test('parseMoney reads units and cents', () => {
  expect(parseMoney('12.50')).toBe(1250);
});

test('parseMoney reads an amount without cents', () => {
  expect(parseMoney('12')).toBe(1200);
});

test('parseMoney refuses a third digit after the point', () => {
  expect(() => parseMoney('1.234')).toThrow(RangeError);
});

test('parseMoney takes one digit after the point for tens of cents', () => {
  expect(parseMoney('12.5')).toBe(1250);
});

test('parseMoney keeps the sign of an amount below one', () => {
  expect(parseMoney('-0.50')).toBe(-50);
});
