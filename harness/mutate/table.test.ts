import { describe, expect, test } from 'vitest';
import type { Mutant } from './mutant.ts';
import type { Fate, Mutated } from './mutate.ts';
import { figuresOf, survivorText, tableOf } from './table.ts';

function mutant(id: number): Mutant {
  return {
    id,
    file: 'src/app.ts',
    line: 7,
    lineText: 'if (a < b) {',
    mutator: 'EqualityOperator',
    original: 'a\n  < b',
    replacement: 'a <= b',
    how: { kind: 'active', number: String(id) },
  };
}

const base = (id: number) => ({ mutant: mutant(id), reached: ['R1', 'R4'], ms: 200 });
const killed = (id: number, cause = 'wrong'): Fate => ({ ...base(id), kind: 'killed', rule: 'R1', cause });
const survived = (id: number): Fate => ({ ...base(id), kind: 'survived' });

function mutated(fates: Fate[], equivalent: number[] = []): Mutated {
  return {
    exercise: '01-sums',
    fates,
    equivalent: new Map(equivalent.map((id) => [id, 'free by the contract'])),
    problems: [],
    ms: 12_400,
  };
}

describe('the figures of an exercise', () => {
  test('count what died, whatever of, and say how many died by time', () => {
    const unloadable: Fate = { ...base(3), kind: 'unloadable', why: 'load: it threw' };
    expect(figuresOf(mutated([killed(1), killed(2, 'hung'), unloadable]))).toMatchObject({
      mutants: 3,
      killed: 3,
      timed: 1,
      survived: 0,
      score: 1,
    });
  });

  test('leave out of the score what keeps the contract', () => {
    expect(figuresOf(mutated([killed(1), survived(2), survived(3)], [3]))).toMatchObject({
      equivalent: 1,
      survived: 1,
      score: 0.5,
    });
  });

  test('count a mutant as killed that is listed and dies all the same', () => {
    expect(figuresOf(mutated([killed(1)], [1]))).toMatchObject({ killed: 1, equivalent: 0 });
  });

  test('count as survived what no rule comes by', () => {
    const unreached: Fate = { ...base(2), reached: [], kind: 'unreached' };
    expect(figuresOf(mutated([killed(1), unreached]))).toMatchObject({ survived: 1, score: 0.5 });
  });
});

describe('the table', () => {
  test('has a line for each exercise and, for several, one for all', () => {
    const one = figuresOf(mutated([killed(1), survived(2)]));
    const two = { ...figuresOf(mutated([killed(1), killed(2)])), exercise: '02-more' };
    expect(tableOf([one])).not.toContain('| all |');
    expect(tableOf([one, two]).split('\n')).toEqual([
      '| exercise | mutants | killed | of these by time | equivalent | survived | score | seconds |',
      '| --- | --- | --- | --- | --- | --- | --- | --- |',
      '| 01-sums | 2 | 1 | 0 | 0 | 1 | 50.0 % | 12 |',
      '| 02-more | 2 | 2 | 0 | 0 | 0 | 100.0 % | 12 |',
      '| all | 4 | 3 | 0 | 0 | 1 | 75.0 % | 24 |',
      '',
    ]);
  });

  test('never rounds up: 100 % means all', () => {
    const row = { ...figuresOf(mutated([killed(1)])), score: 0.99996 };
    expect(tableOf([row])).toContain('| 99.9 % |');
  });
});

test('a survivor is told with its place, both texts in one line each, and the rules that came by', () => {
  expect(survivorText('01-sums', survived(1))).toBe(
    '01-sums src/app.ts:7 EqualityOperator · came by: R1 R4\n  - a < b\n  + a <= b\n',
  );
  expect(survivorText('01-sums', { ...base(1), reached: [], kind: 'unreached' })).toContain(
    'no rule comes by',
  );
});
