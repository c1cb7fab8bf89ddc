import { expect, test } from 'vitest';
import type { Outcome } from './entry.ts';
import type { Harm } from './harm.ts';
import { expectedAt } from './open-at.ts';
import { tableOf } from './table.ts';
import type { Tried } from './table.ts';

const ATTACKS: readonly Tried[] = [
  { name: 'one', tries: ['A1'] },
  { name: 'two', tries: ['A1', 'B4'] },
];
const column = (title: string, harms: Record<string, Harm[]>) => ({
  title,
  outcomes: new Map(
    Object.entries(harms).map(([attack, each]): [string, Outcome] => [attack, { attack, harms: each }]),
  ),
});

test('a row says what was held, what was not, and what plain Vitest did', () => {
  const held = column('held', { one: [], two: [] });
  const not = column('not', { one: [], two: [{ kind: 'forged', what: 'passed: R1' }] });
  const plain = new Map([
    ['one', { kind: 'succeeded' as const, what: 'the test passed' }],
    ['two', { kind: 'none' as const, why: 'nothing to attack' }],
  ]);
  const [, , first, second, ...rest] = tableOf(ATTACKS, [held, not], plain).trimEnd().split('\n');
  expect(first).toMatch(/^\| A1 .*\| 2 \| 1 of 1 succeed \| 2 held \| \*\*1 forged\*\* of 2 \|$/);
  expect(second).toMatch(/^\| B4 .*\| 1 \| no counterpart \| 1 held \| \*\*1 forged\*\* of 1 \|$/);
  expect(rest).toEqual([]);
});

test('what the permission model leaves open is expected there, and nowhere else', () => {
  expect(expectedAt('check, permission', 'fetches', 'escape')).toBe(true);
  expect(expectedAt('check, permission', 'fetches', 'forged')).toBe(false);
  expect(expectedAt('check, namespace', 'fetches', 'escape')).toBe(false);
  expect(expectedAt('check, permission', 'writes-outside', 'escape')).toBe(false);
});
