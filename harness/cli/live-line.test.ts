import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { LiveLine } from './live-line.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function terminal(changes: { live?: boolean; columns?: number; unicode?: boolean } = {}) {
  const printed: string[] = [];
  const err = (text: string) => void printed.push(text);
  return { printed, out: err, err, columns: 80, colour: false, unicode: true, live: true, ...changes };
}

const WIPE = '\r\x1b[K';

test('work that is done within a second shows nothing', () => {
  const watched = terminal();
  const line = new LiveLine(watched, 'judging 01-a');
  line.show('1 of 9 rules');
  vi.advanceTimersByTime(900);
  line.clear();
  vi.advanceTimersByTime(5_000);
  expect(watched.printed).toEqual([]);
});

test('longer work counts its seconds by itself, and leaves nothing behind', () => {
  const watched = terminal();
  const line = new LiveLine(watched, 'judging 01-a');
  line.show('0 of 9 rules');
  vi.advanceTimersByTime(2_000);
  line.show('4 of 9 rules');
  line.clear();
  expect(watched.printed).toEqual([
    `${WIPE}judging 01-a · 0 of 9 rules · 1 s`,
    `${WIPE}judging 01-a · 0 of 9 rules · 2 s`,
    `${WIPE}judging 01-a · 4 of 9 rules · 2 s`,
    WIPE,
  ]);
});

test('where nobody watches, nothing is shown', () => {
  const watched = terminal({ live: false });
  const line = new LiveLine(watched, 'judging 01-a');
  vi.advanceTimersByTime(5_000);
  line.clear();
  expect(watched.printed).toEqual([]);
});

test('the line never wraps, and is ASCII where the terminal is', () => {
  const watched = terminal({ columns: 30, unicode: false });
  const line = new LiveLine(watched, 'judging 17-transactions-idempotency');
  line.show('12 of 14 rules');
  vi.advanceTimersByTime(1_000);
  line.clear();
  const [first = ''] = watched.printed;
  expect(first).toBe(`${WIPE}judging 17-transactions-id...`);
});

test('a process that ends in the middle wipes the line', () => {
  const watched = terminal();
  const before = process.listeners('exit');
  const line = new LiveLine(watched, 'judging 01-a');
  vi.advanceTimersByTime(1_000);
  const [wipe] = process.listeners('exit').filter((listener) => !before.includes(listener));
  wipe?.(130);
  expect(watched.printed.at(-1)).toBe(WIPE);
  line.clear();
  expect(process.listeners('exit')).toEqual(before);
});

test('what is said stays, above the line', () => {
  const watched = terminal();
  const line = new LiveLine(watched, 'verify');
  vi.advanceTimersByTime(1_500);
  line.say('435 checks');
  vi.advanceTimersByTime(500);
  line.clear();
  expect(watched.printed).toEqual([`${WIPE}verify · 1 s`, WIPE, '435 checks\n', `${WIPE}verify · 2 s`, WIPE]);
});
