import type { Exercise } from '../catalog/exercise.ts';
import type { RuleResult, Verdict } from '../verdict/verdict.ts';
import type { KnownSubject } from './subject.ts';

/** What a verdict shows that it should not, as sentences. Nothing: it is as expected. */
export function disagreements(exercise: Exercise, subject: KnownSubject, verdict: Verdict): string[] {
  if (verdict.status === 'error')
    return [`could not be judged: ${verdict.error?.message ?? 'for no known reason'}`];
  switch (subject.expected.kind) {
    case 'stub':
      return stubProblems(exercise, verdict);
    case 'right':
      return verdict.rules
        .filter((rule) => rule.status !== 'passed')
        .map((rule) => `is right, and ${told(rule)}`);
    case 'mistake':
      return [
        ...mistakeProblems(exercise, subject.expected.mistake, verdict),
        ...tooBroken(exercise, verdict),
      ];
    case 'broken':
      return mistakeProblems(exercise, subject.expected.broken, verdict);
  }
}

/** Zero points, and every rule failed or untried; a rule marked `keep` passes. */
function stubProblems(exercise: Exercise, verdict: Verdict): string[] {
  const problems = verdict.rules.flatMap((rule) => {
    const keep = exercise.rules.find(({ id }) => id === rule.id)?.keep ?? false;
    const wanted = keep ? ['passed'] : ['failed', 'untried'];
    return wanted.includes(rule.status) ? [] : [`as a stub it should not have ${rule.id} ${rule.status}`];
  });
  if (verdict.status !== 'failed') problems.push(`as a stub it should be failed, and is ${verdict.status}`);
  if (verdict.points !== 0) problems.push(`as a stub it scores ${verdict.points} points`);
  return problems;
}

/** Rules that failed under one seed and not under another, as sentences. */
export function unsteady(failed: readonly string[], again: Verdict): string[] {
  return again.rules
    .filter(({ id, status }) => failed.includes(id) && status !== 'failed')
    .map(({ id, status }) => `fails ${id} under one seed; under another it is ${status}`);
}

function mistakeProblems(
  exercise: Exercise,
  { breaks, mayBreak }: { breaks: readonly string[]; mayBreak: readonly string[] },
  verdict: Verdict,
): string[] {
  const known = new Set(exercise.rules.map((rule) => rule.id));
  const problems = [...breaks, ...mayBreak]
    .filter((id) => !known.has(id))
    .map((id) => `names ${id}, which is no rule`);
  const failing = new Set(verdict.rules.filter((rule) => rule.status === 'failed').map((rule) => rule.id));
  for (const rule of verdict.rules) {
    if (breaks.includes(rule.id)) {
      if (rule.status !== 'failed') problems.push(`should break ${rule.id}, and it is ${rule.status}`);
    } else if (!mayBreak.includes(rule.id) && !explained(rule, verdict, failing)) {
      problems.push(`breaks more than it says: ${told(rule)}`);
    }
  }
  return problems;
}

/**
 * The catalogue is of people who got most of it right. Where tests are judged, one test that rejects a right program keeps
 * all the others from being tried, and says nothing against them.
 */
function tooBroken(exercise: Exercise, verdict: Verdict): string[] {
  const core = verdict.rules.filter((rule) => rule.tier === 'core');
  const gated = exercise.parts.filter(({ kind }) => kind === 'tests').map(({ name }) => name);
  const isGated = (id: string): boolean =>
    exercise.rules.some((rule) => rule.id === id && gated.includes(rule.part));
  const kept = core.filter(
    ({ id, status }) => status === 'passed' || (status === 'untried' && isGated(id)),
  ).length;
  return kept * 2 < core.length
    ? [`passes ${kept} of ${core.length} core rules; a mistake passes at least half`]
    : [];
}

/** Passed, or untried because something that it needs failed. */
function explained(rule: RuleResult, verdict: Verdict, failing: ReadonlySet<string>): boolean {
  if (rule.status === 'passed') return true;
  if (rule.status !== 'untried') return false;
  return rule.needs.some((id) => {
    const need = verdict.rules.find((each) => each.id === id);
    return (
      failing.has(id) ||
      (need !== undefined && need.status === 'untried' && explained(need, verdict, failing))
    );
  });
}

function told(rule: RuleResult): string {
  const { message } = rule;
  const why = message === null ? '' : ` (${message.step}: expected ${message.expected}, got ${message.got})`;
  return `${rule.id} is ${rule.status}${why}`;
}
