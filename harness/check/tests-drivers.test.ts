import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Verdict } from '../verdict/verdict.ts';
import type { Engine } from './engine.ts';
import { driverEngine, driverExercise, judgeDriver } from './testing/driver.ts';

/** Parts of kind `tests` through the real engine, on the programs of tests-drivers/. */
const ENTRY = 'src/a.test.ts';

const exercise = driverExercise(
  'tests-drivers',
  [{ name: 'tests', kind: 'tests', entry: ENTRY, packages: ['vitest', 'supertest'] }],
  4,
  (number) => ({ needs: number === 1 ? [] : number === 2 ? ['R1'] : ['R2'], graded: true }),
);

const HEAD = `import { expect, test, vi } from 'vitest';
import request from 'supertest';
import { createApp, double } from './subject.ts';
`;

const GOOD = `
test('doubles', () => { console.log('seen by the learner'); expect(double(3)).toBe(6); });
test('refuses', () => expect(() => double(-1)).toThrow(RangeError));
`;

const ASKS = `test('asks', async () => {
  const ask = vi.fn().mockResolvedValue(3);
  expect((await request(createApp({ ask })).get('/')).text).toBe('6');
  expect(ask).toHaveBeenCalledOnce();
});`;

let engine: Engine;
beforeAll(() => {
  engine = driverEngine();
});
afterAll(() => engine.close());

async function judged(
  text: string,
  only: readonly string[] | null = null,
): Promise<{ verdict: Verdict; said: string[] }> {
  const said: string[] = [];
  const verdict = await judgeDriver(engine, exercise, new Map([[ENTRY, HEAD + text]]), {
    only,
    onProgress: (what) => said.push(what),
  });
  return { verdict, said };
}

const statuses = ({ rules }: Verdict): string => rules.map(({ status }) => status).join(' ');

function failureOf({ rules }: Verdict) {
  const failed = rules.find(({ status }) => status === 'failed');
  return { rule: failed?.id, ...failed?.message };
}

describe('a learner’s tests', () => {
  test('pass when they pass on right programs and fail on each broken one', async () => {
    const { verdict, said } = await judged(GOOD + ASKS);
    expect(verdict.error).toBeNull();
    expect(statuses(verdict)).toBe('passed passed passed passed');
    expect(said.at(-1)).toBe('6 of 6 programs');
    // Printed in every run, and told once.
    expect(verdict.output.text).toBe('seen by the learner\n');
  });

  test('are told which kind of program they let through', async () => {
    const { verdict } = await judged(GOOD);
    expect(statuses(verdict)).toBe('passed passed passed failed');
    expect(failureOf(verdict)).toMatchObject({ rule: 'R4', got: 'not caught: a program that never asks' });
  });

  test('that demand too much are shown where, and nothing else is tried', async () => {
    const { verdict, said } = await judged(
      `test('too much', () => {\n  expect(() => double(-1)).toThrow('no!');\n});
      for (const name of 'abc') test(name, () => expect(double(1)).toBe(3));`,
    );
    expect(statuses(verdict)).toBe('failed untried untried untried');
    expect(failureOf(verdict)).toMatchObject({
      sent: 'test "too much" (src/a.test.ts:5)',
      got: expect.stringMatching(/ · and 3 more: "a" \(src\/a\.test\.ts\), "b" \(src\/a\.test\.ts\), …$/),
    });
    expect(said).toEqual(['1 of 1 programs']);
  });

  test('without a call of the program are none', async () => {
    const { verdict } = await judged(`test('nothing', () => expect(1).toBe(1));`);
    expect(failureOf(verdict)).toMatchObject({ rule: 'R1', got: 'the one test that ran does not' });
  });

  test('that fail by chance, or by the order, catch nothing', async () => {
    const byChance = `let runs = 0; test('a', () => { double(1); runs++; }); test('b', () => expect(runs).toBe(1));
      for (const name of 'cdefgh') test(name, () => expect(runs).toBe(1));`;
    const { verdict } = await judged(byChance, ['R3']);
    expect(statuses(verdict)).toBe('passed failed untried untried');
    expect(failureOf(verdict)).toMatchObject({ rule: 'R2', step: 'shuffled' });
  });

  test('with a mistake in them are told as any program is', async () => {
    expect((await judged('test(')).verdict.error).toMatchObject({ kind: 'compile' });
    expect((await judged(`import 'express';`)).verdict.error).toMatchObject({ kind: 'import' });
    expect(failureOf((await judged(`throw new Error('at import');`)).verdict)).toMatchObject({
      rule: 'R1',
      got: 'Error: at import',
    });
  });
});
