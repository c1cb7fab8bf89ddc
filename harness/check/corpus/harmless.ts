import { expect } from 'vitest';
import { leak, readCanaries } from '../../verify/canary.ts';
import type { Judged } from './judge.ts';
import { COMMAND, RAW } from './acting-signs.ts';

/** What a learner or the log of a CI run gets to see holds nothing that acts instead of being read. */
export function mustBeShowable(...texts: string[]): void {
  for (const text of texts) {
    expect(text).not.toMatch(RAW);
    expect(text).not.toMatch(COMMAND);
  }
}

/** A verdict that blames no program on the workbook, gives nothing of the suite away and can be shown anywhere. */
export function mustBeHarmless({ verdict, terminal, json }: Judged, exerciseFolder: string): void {
  expect(verdict.error?.kind).not.toBe('harness');
  expect(verdict.rules.filter((rule) => rule.status === 'error')).toEqual([]);
  expect(leak(JSON.stringify(verdict), readCanaries(exerciseFolder))).toBe(null);
  mustBeShowable(terminal, json);
}
