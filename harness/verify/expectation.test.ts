import { expect, test } from 'vitest';
import { loadExercise } from '../catalog/load-exercise.ts';
import type { Verdict } from '../verdict/verdict.ts';
import { disagreements } from './expectation.ts';
import type { KnownSubject } from './subject.ts';

/** What is said of a mistake of this exercise that fails R1, where all the rest waits for R1. */
function saidOf(id: string): string[] {
  const loaded = loadExercise(process.cwd(), id);
  if (!loaded.ok) throw new Error(`${id} cannot be loaded`);
  const { exercise } = loaded;
  const rules = exercise.rules.map(({ id: rule, tier }) => ({
    id: rule,
    tier,
    status: rule === 'R1' ? 'failed' : 'untried',
    needs: ['R1'],
    message: null,
  }));
  const mistake = {
    name: 'm',
    belief: '',
    often: '',
    breaks: ['R1'],
    mayBreak: [],
    files: new Map<string, string>(),
  };
  const expected: KnownSubject['expected'] = { kind: 'mistake', mistake, base: 'solution' };
  const subject = { exercise: id, name: 'm', folder: '/', files: new Map<string, string>(), expected };
  return disagreements(exercise, subject, { status: 'failed', rules } as unknown as Verdict);
}

test('a mistake of which most was never tried is too broken for the catalogue', () => {
  expect(saidOf('03-crud-api')).toEqual([expect.stringMatching(/at least half/)]);
});

test('tests that reject a right program may be a mistake of the catalogue: nothing else of them is tried', () => {
  expect(saidOf('10-testing')).toEqual([]);
});
