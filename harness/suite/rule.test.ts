import { afterEach, describe, expect, test } from 'vitest';
import { definedRules, eventually, forgetRules, rule, step } from './rule.ts';
import { Trial } from './trial.ts';

afterEach(forgetRules);

describe('rules', () => {
  test('are known by their id, and one that is defined twice is named', () => {
    const body = () => Promise.resolve();
    rule('R1', body);
    rule('R2', body);
    rule('R1', body);
    expect([...definedRules().rules.keys()]).toEqual(['R1', 'R2']);
    expect(definedRules().twice).toEqual(['R1']);
    forgetRules();
    expect([definedRules().rules.size, definedRules().twice]).toEqual([0, []]);
  });

  test('have steps: the label stays where a step fails', async () => {
    const trial = new Trial('R1', 'main', 1, 1);
    expect(await step(trial, 'first', () => Promise.resolve(5))).toBe(5);
    await expect(step(trial, 'second', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(trial.step).toBe('second');
  });
});

describe('eventually', () => {
  test('asks until the answer is true', async () => {
    let asked = 0;
    expect(await eventually(() => Promise.resolve(++asked === 3))).toBe(true);
    expect(asked).toBe(3);
  });

  test('gives up in time, after asking at least once', async () => {
    let asked = 0;
    expect(await eventually(() => Promise.resolve(++asked < 0), 25)).toBe(false);
    expect(asked).toBeGreaterThan(1);
    expect(await eventually(() => Promise.resolve(true), -1)).toBe(true);
  });
});
