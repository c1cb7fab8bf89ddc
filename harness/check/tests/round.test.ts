import { expect, test } from 'vitest';
import type { Program } from './programs.ts';
import { roundOf } from './round.ts';

const program = (name: string, rule: string | null): Program => ({ name, rule, about: '', files: new Map() });
const programs = {
  right: ['a', 'b', 'c'].map((name) => program(name, null)),
  broken: Array.from({ length: 12 }, (_, index) => program(`x${index}`, index < 8 ? 'R3' : 'R4')),
};
const round = (seed: number, rules = ['R3', 'R4']) => roundOf(programs, new Set(rules), seed);

test('every right program is met again, one of them in both worlds, and each broken one of the rules once', () => {
  const names = round(7, ['R3']).map(({ program: { name, rule }, kind }) =>
    rule === null ? `${name} ${kind}` : name,
  );
  const right = ['a moved', 'a shuffled', 'b moved', 'c shuffled'];
  expect(names.toSorted()).toEqual([...right, ...programs.broken.slice(0, 8).map(({ name }) => name)]);
});

test('a broken program is met in the very world of a right one, so no world tells which it is', () => {
  for (let seed = 1; seed <= 20; seed++) {
    const jobs = round(seed);
    const ofRight = jobs.filter(({ program: { rule } }) => rule === null).map(({ world }) => world);
    for (const { world } of jobs) expect(ofRight).toContainEqual(world);
  }
});

test('the worlds of right programs are those of the seed, and the order is not', () => {
  const worlds = (): string[] =>
    round(5)
      .filter(({ program: { rule } }) => rule === null)
      .map(({ program: { name }, world }) => `${name} ${JSON.stringify(world)}`)
      .toSorted();
  expect(worlds()).toEqual(worlds());
  const orders = Array.from({ length: 10 }, () =>
    round(5)
      .map(({ program: { name } }) => name)
      .join(),
  );
  expect(new Set(orders).size).toBeGreaterThan(1);
});
