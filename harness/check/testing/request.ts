import type { Exercise, Part, Rule } from '../../catalog/exercise.ts';
import type { RecordedResult, RuleOutcome } from '../../suite/link.ts';
import type { Evidence } from '../assemble.ts';
import type { CheckRequest } from '../check.ts';

export function ruleOf(id: string, changes: Partial<Rule> = {}): Rule {
  return {
    id,
    tier: 'core',
    title: `The title of ${id}`,
    citation: 'RFC 9110 §15.3.1',
    part: 'main',
    needs: [],
    keep: false,
    evidence: 'outside',
    graded: false,
    ...changes,
  };
}

export function partOf(name: string): Part {
  return { name, kind: 'module', entry: `src/${name}.ts`, exports: [], packages: [], modules: null };
}

/** For tests: a request to judge an exercise of these rules. Its folder does not exist. */
export function requestOf(rules: Rule[], changes: Partial<CheckRequest> = {}): CheckRequest {
  const folder = '/nowhere/exercises/04-jwt';
  const exercise: Exercise = {
    id: '04-jwt',
    folder,
    title: 'Tokens',
    phase: 2,
    minutes: 60,
    difficulty: 2,
    requires: [],
    editable: ['src/**/*.ts'],
    parts: [...new Set(rules.map(({ part }) => part))].map(partOf),
    rules,
    suites: [],
  };
  return {
    exercise,
    files: { ok: true, files: new Map() },
    folder,
    only: null,
    order: 'building',
    seed: 7,
    inspect: false,
    env: {},
    root: '/nowhere',
    build: '/nowhere/.workbook/build',
    digests: { suite: 's'.repeat(64), files: 'f'.repeat(64) },
    harness: '1.0.0',
    ...changes,
  };
}

export function evidenceOf(results: RecordedResult[], changes: Partial<Evidence> = {}): Evidence {
  return {
    results,
    errors: new Map(),
    harness: null,
    notes: [],
    output: { text: '', truncated: false },
    ...changes,
  };
}

export function resultOf(
  rule: string,
  outcome: RuleOutcome['status'] | RuleOutcome = 'passed',
): RecordedResult {
  return { rule, durationMs: 1.4, outcome: typeof outcome === 'string' ? usual(outcome) : outcome };
}

function usual(status: RuleOutcome['status']): RuleOutcome {
  switch (status) {
    case 'failed':
      return {
        status,
        cause: 'wrong',
        message: { step: 'a step', sent: 'GET /', expected: 'status 200', got: '404', note: null },
        exchange: null,
        fingerprint: '0123456789abcdef',
      };
    case 'error':
      return { status, why: 'TypeError: a bug of the suite' };
    default:
      return { status };
  }
}
