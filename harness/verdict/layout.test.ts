import { describe, expect, test } from 'vitest';
import { clip, spread, width, wrap } from './layout.ts';

describe('width', () => {
  test.each([
    ['', 0],
    ['plain', 5],
    ['Jürgen', 6],
    ['u\u0308', 1],
    ['李小龙', 6],
    ['ｆｕｌｌ', 8],
    ['한국', 4],
    ['👍', 2],
    ['✓ ✗ ○ ★ │ §', 11],
  ])('of %j is %i', (text, columns) => {
    expect(width(text)).toBe(columns);
  });
});

describe('clip', () => {
  test('leaves what fits', () => expect(clip('exact', 5, '…')).toBe('exact'));
  test('marks what it cut', () => expect(clip('too long', 5, '…')).toBe('too…'));
  test('leaves no comma before the mark', () => expect(clip('one, two', 5, '…')).toBe('one…'));
  test('never splits a wide character', () => expect(clip('李小龙', 4, '…')).toBe('李…'));
});

describe('wrap', () => {
  test.each([
    ['between words', 'one two three', 8, ['one two', 'three']],
    ['inside a word that is too long', 'abcdefgh ij', 4, ['abcd', 'efgh', 'ij']],
    ['at the breaks that are there', 'a\n\nb', 8, ['a', '', 'b']],
    ['without losing the indent', '  { "a": 1 }', 20, ['  { "a": 1 }']],
    ['with tabs as four spaces', '\tx', 8, ['    x']],
    ['between wide characters', '李小龙', 4, ['李小', '龙']],
    ['and a flood of spaces takes one line', `a${' '.repeat(500)}b`, 8, ['a', 'b']],
    ['nothing', '', 8, ['']],
  ])('%s', (_name, text, columns, lines) => {
    expect(wrap(text, columns)).toEqual(lines);
  });

  test('never makes a line wider than asked, and loses no letter', () => {
    const text = 'A long 李小龙 sentence with/a/path/that/does/not/fit 👍👍👍 and\nmore'.repeat(3);
    for (const columns of [2, 3, 7, 20, 80]) {
      const lines = wrap(text, columns);
      expect(Math.max(...lines.map(width))).toBeLessThanOrEqual(columns);
      expect(lines.join('').replace(/\s/gu, '')).toBe(text.replace(/\s/gu, ''));
    }
  });
});

describe('spread', () => {
  test('puts the second text at the edge', () => expect(spread('ab', 'cd', 8)).toBe('ab    cd'));
  test('keeps two spaces, or gives up', () => expect(spread('abc', 'cd', 6)).toBeNull());
  test('has nothing to spread without a second text', () => expect(spread('abcdef', '', 2)).toBe('abcdef'));
});
