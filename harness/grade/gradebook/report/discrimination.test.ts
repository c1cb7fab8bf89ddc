import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { discriminationOf, FEWEST_JUDGED } from './discrimination.ts';
import type { Judged } from './discrimination.ts';

const many = (count: number, passed: boolean, rest: number): Judged[] =>
  Array.from({ length: count }, () => ({ passed, rest }));

/** Pearson's correlation, computed another way. */
function pearson(judged: readonly Judged[]): number {
  const n = judged.length;
  const x = judged.map(({ passed }) => Number(passed));
  const y = judged.map(({ rest }) => rest);
  const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0);
  const xy = sum(x.map((value, index) => value * (y[index] ?? 0)));
  const squares = (values: readonly number[]): number => sum(values.map((value) => value ** 2));
  return (
    (n * xy - sum(x) * sum(y)) / Math.sqrt((n * squares(x) - sum(x) ** 2) * (n * squares(y) - sum(y) ** 2))
  );
}

describe('how well a rule tells apart', () => {
  test('1 when exactly the strong keep it, −1 when exactly they fail it, 0 when it has nothing to do with the rest', () => {
    expect(discriminationOf([...many(10, true, 8), ...many(10, false, 2)])).toEqual({ kind: 'value', r: 1 });
    expect(discriminationOf([...many(10, true, 2), ...many(10, false, 8)])).toEqual({ kind: 'value', r: -1 });
    const even = [...many(5, true, 2), ...many(5, true, 8), ...many(5, false, 2), ...many(5, false, 8)];
    expect(discriminationOf(even)).toEqual({ kind: 'value', r: 0 });
  });

  test('it is the correlation of passing with the rest', () => {
    const judged = fc.array(fc.record({ passed: fc.boolean(), rest: fc.integer({ min: 0, max: 20 }) }), {
      minLength: FEWEST_JUDGED,
      maxLength: 80,
    });
    fc.assert(
      fc.property(judged, (all) => {
        const found = discriminationOf(all);
        if (found.kind === 'value') expect(found.r).toBeCloseTo(pearson(all), 8);
      }),
    );
  });

  test.each([
    ['few students', [...many(10, true, 8), ...many(9, false, 2)], 'fewer than 20 judged'],
    ['hardly anybody who fails', [...many(30, true, 8), ...many(2, false, 2)], 'almost all pass'],
    ['hardly anybody who passes', [...many(2, true, 8), ...many(30, false, 2)], 'almost all fail'],
    [
      'a class in which all are alike',
      [...many(15, true, 4), ...many(15, false, 4)],
      'no difference elsewhere',
    ],
  ])('with %s it says so, and gives no figure', (_what, judged, why) => {
    expect(discriminationOf(judged)).toEqual({ kind: 'none', why });
  });
});
