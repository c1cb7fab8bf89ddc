import { expect, test } from 'vitest';
import { inOrder } from './order.ts';
import type { Kill } from './order.ts';

const place = { file: 'src/app.ts', line: 50 };
const facts = (cost: [string, number][], reach: [string, number][] = []) => ({
  cost: new Map(cost),
  reach: new Map(reach),
});
const kill = (rule: string, line: number, file = place.file): Kill => ({ rule, line, file });

test('with nothing known, the rule that comes by the fewest mutants is first', () => {
  const known = facts(
    [],
    [
      ['R1', 300],
      ['R2', 10],
      ['R3', 40],
    ],
  );
  expect(inOrder(place, ['R1', 'R2', 'R3'], known, [])).toEqual(['R2', 'R3', 'R1']);
});

test('of two that know as much, the quicker one is first', () => {
  const known = facts([
    ['R1', 700],
    ['R2', 20],
  ]);
  expect(inOrder(place, ['R1', 'R2'], known, [])).toEqual(['R2', 'R1']);
});

test('who has killed near the place is first, and nearer counts more', () => {
  const rules = ['R1', 'R2', 'R3'];
  expect(inOrder(place, rules, facts([]), [kill('R2', 90), kill('R3', 51)])).toEqual(['R3', 'R2', 'R1']);
});

test('kills in another file say nothing', () => {
  const known = facts([], [['R1', 100]]);
  const kills = [kill('R1', 50, 'src/other.ts'), kill('R1', 50, 'src/other.ts')];
  expect(inOrder(place, ['R1', 'R2'], known, kills)).toEqual(['R2', 'R1']);
});

test('no rule is lost', () => {
  const rules = Array.from({ length: 30 }, (_, index) => `R${index}`);
  expect(inOrder(place, rules, facts([]), [kill('R7', 1)]).toSorted()).toEqual(rules.toSorted());
});
