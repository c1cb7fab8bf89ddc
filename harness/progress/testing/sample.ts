import type { Attempt } from '../state.ts';

/** A passing attempt, core rules only: R1 passed, R2 failed. `change` replaces what a test is about. */
export function samplePass(exercise: string, change: Partial<Attempt> = {}): Attempt {
  return {
    exercise,
    at: 1_000,
    status: 'passed',
    mastered: false,
    points: 1,
    maxPoints: 2,
    suite: 'a'.repeat(64),
    files: 'b'.repeat(64),
    rules: [
      { id: 'R1', status: 'passed' },
      { id: 'R2', status: 'failed' },
    ],
    durationMs: 12.5,
    ...change,
  };
}
