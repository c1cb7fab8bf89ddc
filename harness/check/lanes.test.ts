import { expect, test } from 'vitest';
import type { Part, Rule } from '../catalog/exercise.ts';
import { lanesOf, placeRule } from './lanes.ts';

const part = (name: string, ...packages: string[]) => ({ name, packages }) as unknown as Part;
const rule = (id: string, of: string) => ({ id, part: of, needs: [] as string[] }) as unknown as Rule;
const PARTS = [part('tokens'), part('api')];
const RULES = [rule('R1', 'tokens'), rule('R2', 'api'), rule('R3', 'api')];
const names = (slow: string[]) => lanesOf(PARTS, RULES, new Set(slow)).map(({ name }) => name);

test('each part has a lane, and a second one for its slow rules', () => {
  expect(names([])).toEqual(['tokens', 'api']);
  expect(names(['R3'])).toEqual(['tokens', 'api', 'api+slow']);
});

test('a part whose rules are all slow needs no second lane', () => {
  expect(names(['R1', 'R2', 'R3'])).toEqual(['tokens', 'api']);
  const lanes = lanesOf(PARTS, RULES, new Set(['R1']));
  expect(placeRule(RULES[0] as Rule, lanes, new Set(['R1']))).toMatchObject({ part: 'tokens' });
});

test('only a slow rule is placed in the second lane', () => {
  const slow = new Set(['R3']);
  const lanes = lanesOf(PARTS, RULES, slow);
  expect(RULES.map((each) => placeRule(each, lanes, slow).part)).toEqual(['tokens', 'api', 'api+slow']);
});

test('a part that may use Redis has one lane, as there is one Redis', () => {
  const lanes = lanesOf([part('api', 'express', 'ioredis')], RULES, new Set(['R3']));
  expect(lanes.map(({ name }) => name)).toEqual(['api']);
});
