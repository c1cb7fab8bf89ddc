import { describe, expect, test } from 'vitest';
import { bringForward, orderRules, plannedRules, withNeeds } from './plan.ts';
import { ruleOf } from './testing/request.ts';

const RULES = [
  ruleOf('R1'),
  ruleOf('R2', { needs: ['R1'] }),
  ruleOf('R3', { needs: ['R2'] }),
  ruleOf('R4'),
  ruleOf('R5', { needs: ['R3', 'R4'] }),
  ruleOf('R6', { needs: ['R9'] }),
  ruleOf('R7'),
  ruleOf('R8'),
  ruleOf('R9'),
];

const ids = (rules: readonly { id: string }[]) => rules.map(({ id }) => id);

test('rules that are brought forward come with what they need, and nothing else moves', () => {
  expect(ids(bringForward(RULES, ['R8', 'R3']))).toEqual([
    'R1',
    'R2',
    'R3',
    'R8',
    'R4',
    'R5',
    'R6',
    'R7',
    'R9',
  ]);
  expect(bringForward(RULES, [])).toEqual(RULES);
});

describe('the rules that are asked for', () => {
  test.each([
    [['R7'], ['R7']],
    [['R3'], ['R1', 'R2', 'R3']],
    [['R5'], ['R1', 'R2', 'R3', 'R4', 'R5']],
    [['R6'], ['R6', 'R9']],
    [
      ['R4', 'R2', 'R4'],
      ['R1', 'R2', 'R4'],
    ],
    [[], []],
  ])('%j bring what they need, in the order of the spec', (only, expected) => {
    expect(ids(withNeeds(RULES, only))).toEqual(expected);
  });

  test('that do not exist are none', () => {
    expect(withNeeds(RULES, ['R99', 'toString'])).toEqual([]);
  });

  test('end where needs go round in a circle', () => {
    const circle = [ruleOf('R1', { needs: ['R2'] }), ruleOf('R2', { needs: ['R1'] })];
    expect(ids(withNeeds(circle, ['R1']))).toEqual(['R1', 'R2']);
    expect(ids(orderRules(circle, 'building', 1)).toSorted()).toEqual(['R1', 'R2']);
  });
});

describe('the order', () => {
  test('of building is that of the spec, needs first', () => {
    expect(ids(orderRules(RULES, 'building', 1))).toEqual([
      'R1',
      'R2',
      'R3',
      'R4',
      'R5',
      'R7',
      'R8',
      'R9',
      'R6',
    ]);
  });

  test('at random has every rule once, after what it needs, whatever the seed', () => {
    for (let seed = 0; seed < 200; seed++) {
      const order = ids(orderRules(RULES, 'random', seed));
      expect(order.toSorted()).toEqual(ids(RULES).toSorted());
      for (const { id, needs } of RULES) {
        for (const need of needs)
          expect(order.indexOf(need), `${need} before ${id}, seed ${seed}`).toBeLessThan(order.indexOf(id));
      }
    }
  });

  test('at random is the same with the same seed, and another with others', () => {
    const orders = new Set(
      Array.from({ length: 30 }, (_, seed) => ids(orderRules(RULES, 'random', seed)).join()),
    );
    expect(orders.size).toBeGreaterThan(10);
    expect(orderRules(RULES, 'random', 4)).toEqual(orderRules(RULES, 'random', 4));
  });

  test('of rules whose needs were not asked for stands all the same', () => {
    expect(ids(orderRules([ruleOf('R2', { needs: ['R1'] })], 'building', 1))).toEqual(['R2']);
  });

  test('leaves what it was given alone', () => {
    const rules = Object.freeze([...RULES]);
    orderRules(rules, 'random', 1);
    expect(ids(rules)).toEqual(ids(RULES));
  });
});

describe('the rules that a check tries', () => {
  const exercise = { rules: RULES };

  test('are all of them when none is named', () => {
    expect(plannedRules({ exercise, only: null })).toEqual(RULES);
  });

  test('are those that are named, and what they need', () => {
    expect(ids(plannedRules({ exercise, only: ['R3'] }))).toEqual(['R1', 'R2', 'R3']);
  });

  test('are those alone when what they need is known to be kept, and still need each other', () => {
    const alone = plannedRules({ exercise, only: ['R3', 'R2'], alone: true });
    expect(alone.map(({ id, needs }) => [id, needs])).toEqual([
      ['R2', []],
      ['R3', ['R2']],
    ]);
  });
});
