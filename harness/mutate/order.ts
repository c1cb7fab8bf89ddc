import type { Mutant } from './mutant.ts';

/** What is known of the rules of an exercise. */
export type RuleFacts = {
  /** How long each takes alone, in milliseconds. */
  cost: ReadonlyMap<string, number>;
  /** How many mutants each comes by. */
  reach: ReadonlyMap<string, number>;
};

/** A rule has killed a mutant at this place. */
export type Kill = { rule: string } & Pick<Mutant, 'file' | 'line'>;

/** How far a kill speaks for its rule, in lines. */
const NEAR = 5;

/**
 * The rules in the order in which to try them on a mutant: who has killed mutants near it, and is quick, comes first; at first
 * whoever comes by few mutants, as its rule is about them.
 */
export function inOrder(
  { file, line }: Pick<Mutant, 'file' | 'line'>,
  rules: readonly string[],
  { cost, reach }: RuleFacts,
  kills: readonly Kill[],
): string[] {
  const weights = new Map<string, number>();
  for (const kill of kills) {
    if (kill.file !== file) continue;
    const weight = 1 / (1 + Math.abs(kill.line - line) / NEAR);
    weights.set(kill.rule, (weights.get(kill.rule) ?? 0) + weight);
  }
  const worth = (rule: string): number =>
    ((weights.get(rule) ?? 0) + 1 / (1 + (reach.get(rule) ?? 0))) / (FIXED_MS + (cost.get(rule) ?? 0));
  return rules.toSorted((a, b) => worth(b) - worth(a));
}

/** What any rule costs beside its own time, in milliseconds. */
const FIXED_MS = 20;
