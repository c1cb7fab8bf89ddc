import type { Rule } from '../catalog/exercise.ts';
import { Random } from '../suite/random.ts';

/** The rules of these ids and all that they need, in the order given. */
export function withNeeds(rules: readonly Rule[], ids: readonly string[]): Rule[] {
  const wanted = new Set<string>();
  const visit = (id: string): void => {
    if (wanted.has(id)) return;
    wanted.add(id);
    for (const need of rules.find((rule) => rule.id === id)?.needs ?? []) visit(need);
  };
  for (const id of ids) visit(id);
  return rules.filter((rule) => wanted.has(rule.id));
}

/**
 * The rules that a check tries: all, or some with what they need. `alone`: just these, because whatever else they need is
 * known to be kept.
 */
export function plannedRules({
  exercise,
  only,
  alone = false,
}: {
  exercise: { rules: readonly Rule[] };
  only: readonly string[] | null;
  alone?: boolean;
}): Rule[] {
  if (only === null) return [...exercise.rules];
  if (!alone) return withNeeds(exercise.rules, only);
  return exercise.rules
    .filter(({ id }) => only.includes(id))
    .map((rule) => ({ ...rule, needs: rule.needs.filter((id) => only.includes(id)) }));
}

/** The same rules, those of `first` and what they need before all others; each half stays in its order. */
export function bringForward(rules: readonly Rule[], first: readonly string[]): Rule[] {
  const wanted = new Set(withNeeds(rules, first));
  return [...rules.filter((rule) => wanted.has(rule)), ...rules.filter((rule) => !wanted.has(rule))];
}

/** Building order, or a shuffled one; in both a rule comes after what it needs. */
export function orderRules(rules: readonly Rule[], order: 'building' | 'random', seed: number): Rule[] {
  const waiting = order === 'random' ? new Random(seed).shuffle(rules) : [...rules];
  const out: Rule[] = [];
  while (waiting.length > 0) {
    const next = waiting.findIndex((rule) =>
      rule.needs.every((id) => !waiting.some((other) => other.id === id)),
    );
    // Needs are checked for circles when the exercise is read.
    out.push(...waiting.splice(Math.max(next, 0), 1));
  }
  return out;
}
