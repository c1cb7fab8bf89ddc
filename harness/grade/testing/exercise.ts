import type { Exercise, Rule } from '../../catalog/exercise.ts';

/** For tests: an exercise with nothing in it but what an intake or a report looks at. */
export function exerciseOf(id: string, given: Partial<Exercise> = {}): Exercise {
  return {
    id,
    folder: `/workbook/exercises/${id}`,
    title: 'Tokens by hand',
    phase: 1,
    minutes: 30,
    difficulty: 1,
    requires: [],
    editable: ['src/**/*.ts'],
    parts: [],
    rules: [],
    suites: [],
    ...given,
  };
}

/** For tests: a rule that counts, unless `given` says otherwise. */
export function ruleOf(id: string, given: Partial<Rule> = {}): Rule {
  return {
    id,
    tier: 'core',
    title: `the promise ${id}`,
    citation: '',
    part: 'api',
    needs: [],
    keep: false,
    evidence: 'outside',
    graded: false,
    ...given,
  };
}
