import type { Exercise, Rule } from '../catalog/exercise.ts';
import type { ExerciseState } from '../progress/progress.ts';

/**
 * The rule that a learner who names none is stuck at. `failing`: the first that failed in the newest check and waits for
 * no other; core rules come first. `first`: never checked, so the rule to begin with. `passed`: all rules passed then.
 * `stopped`: no rule failed, and some were not tried, as after a syntax error.
 */
export type HintChoice =
  { kind: 'rule'; rule: Rule; why: 'failing' | 'first' } | { kind: 'passed' } | { kind: 'stopped' };

/** Chooses from what the newest recorded check found. */
export function chooseRule(
  { rules }: Pick<Exercise, 'rules'>,
  state: Pick<ExerciseState, 'attempts' | 'lastRules'>,
): HintChoice {
  const statusOf = new Map(state.lastRules.map(({ id, status }) => [id, status]));
  if (state.attempts === 0) {
    const first = rules.find((rule) => !rule.keep) ?? rules[0];
    return first === undefined ? { kind: 'passed' } : { kind: 'rule', rule: first, why: 'first' };
  }
  const failed = rules.filter(({ id }) => statusOf.get(id) === 'failed');
  const rule =
    failed.find(({ needs }) => needs.every((id) => statusOf.get(id) === 'passed')) ?? failed[0] ?? null;
  if (rule !== null) return { kind: 'rule', rule, why: 'failing' };
  return rules.every(({ id }) => statusOf.get(id) === 'passed') ? { kind: 'passed' } : { kind: 'stopped' };
}
