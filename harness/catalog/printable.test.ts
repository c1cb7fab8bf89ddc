import { describe, expect, test } from 'vitest';
import { printable, quoted } from './printable.ts';

describe('printable', () => {
  test('writes out what would move the cursor, colour the screen or turn the text around', () => {
    expect(printable('a\u001b[31m\r\nb\u202ec')).toBe('a\\u{1b}[31m\\u{d}\\u{a}b\\u{202e}c');
  });

  test('keeps letters of every script', () => {
    expect(printable('Grüße, 世界 🎉')).toBe('Grüße, 世界 🎉');
  });

  test('writes out half a character', () => {
    expect(printable('a\ud800')).toBe('a\\u{d800}');
  });
});

describe('quoted', () => {
  test('cuts a long text and says so', () => {
    expect(quoted('x'.repeat(61))).toBe(`"${'x'.repeat(60)}…"`);
    expect(quoted('x'.repeat(60))).toBe(`"${'x'.repeat(60)}"`);
  });

  test('never cuts through a character', () => {
    expect(quoted('🎉'.repeat(70))).toBe(`"${'🎉'.repeat(60)}…"`);
  });
});
