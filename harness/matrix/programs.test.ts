import { expect, test } from 'vitest';
import { spread } from './programs.ts';

const letters = [...'abcdefghij'];

test('few are taken from all over the list, none twice', () => {
  expect(spread(letters, 4)).toEqual(['a', 'd', 'g', 'j']);
  expect(new Set(spread(letters, 9)).size).toBe(9);
});

test('a list that is short enough is taken whole', () => {
  expect(spread(letters, 10)).toEqual(letters);
  expect(spread([], 3)).toEqual([]);
});

test('one or none', () => {
  expect(spread(letters, 1)).toEqual(['a']);
  expect(spread(letters, 0)).toEqual([]);
});
