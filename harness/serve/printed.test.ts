import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Printed } from './printed.ts';

let shown: string;
let printed: Printed;
beforeEach(() => {
  vi.useFakeTimers();
  shown = '';
  printed = new Printed((text) => void (shown += text), '| ');
});
afterEach(() => vi.useRealTimers());

const add = (text: string | Buffer): void => printed.add(Buffer.from(text as string));

test('lines come as they are finished, each behind the bar', () => {
  add('one\ntw');
  expect(shown).toBe('| one\n');
  add('o\r\n');
  expect(shown).toBe('| one\n| two\n');
});

test('a line that is not finished is shown after a moment', () => {
  add('what is your name? ');
  expect(shown).toBe('');
  vi.advanceTimersByTime(100);
  expect(shown).toBe('| what is your name? \n');
});

test('a character that arrives in two pieces is one', () => {
  const bytes = Buffer.from('Zoë\n');
  add(bytes.subarray(0, 3));
  add(bytes.subarray(3));
  expect(shown).toBe('| Zoë\n');
});

test('what moves a cursor or commands a runner is harmless', () => {
  add('\u001b[2J::error::x\n::error::y\n');
  expect(shown).toBe('| \\x1b[2J::error::x\n| \\::error::y\n');
});

test('a line without an end is shown in pieces', () => {
  add('x'.repeat(5_000));
  expect(shown.length).toBeGreaterThan(4_000);
});

test('what is left is shown when something else is to be said', () => {
  add('last words');
  printed.flush();
  expect(shown).toBe('| last words\n');
  vi.advanceTimersByTime(1_000);
  expect(shown).toBe('| last words\n');
});
