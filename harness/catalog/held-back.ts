import type { Rule } from './exercise.ts';

/** Why an edition cannot do without a rule, as a sentence; null: it can. `held`: all that it is to do without. */
export function whyNotHeldBack(id: string, rules: readonly Rule[], held: ReadonlySet<string>): string | null {
  const rule = rules.find((each) => each.id === id);
  if (rule === undefined) return `There is no rule ${id}.`;
  if (rule.tier === 'core')
    return `${id} is core: a pass in the edition would not be a pass for the instructor.`;
  if (rule.keep) return `${id} is kept by the stub already, and gives no point.`;
  const needing = rules.find((each) => !held.has(each.id) && each.needs.includes(id));
  return needing === undefined
    ? null
    : `${needing.id} needs ${id}, and learners would still have ${needing.id}.`;
}
