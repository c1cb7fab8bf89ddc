import type { Part, Rule } from '../catalog/exercise.ts';
import type { PlannedRule } from '../suite/link.ts';

/**
 * Rules that run one after the other, on hosts of their own. A cold check has one lane for each part and runs all of them
 * in turn; a warm check runs its lanes side by side.
 */
export type Lane = { name: string; part: Part };

/** Ends the name of a part's second lane. No part is called so. */
const SLOW = '+slow';

/**
 * The lanes of an exercise: one for each part, and one more for each part that has `slow` rules, so that the others need
 * not wait for them.
 */
export function lanesOf(parts: readonly Part[], rules: readonly Rule[], slow: ReadonlySet<string>): Lane[] {
  return parts.flatMap((part) => {
    // There is one Redis for a check, and every rule begins with an empty one.
    if (usesRedis(part)) return [{ name: part.name, part }];
    const own = rules.filter((rule) => rule.part === part.name);
    const late = own.filter((rule) => slow.has(rule.id));
    const lanes = [{ name: part.name, part }];
    return late.length === 0 || late.length === own.length
      ? lanes
      : [...lanes, { name: part.name + SLOW, part }];
  });
}

/** Whether a part may talk to Redis. */
export function usesRedis(part: Part): boolean {
  return part.packages.includes('ioredis');
}

/** A rule as the suite gets it: with the name of its lane in place of its part's. */
export function placeRule(rule: Rule, lanes: readonly Lane[], slow: ReadonlySet<string>): PlannedRule {
  const second = rule.part + SLOW;
  const isSecond = slow.has(rule.id) && lanes.some(({ name }) => name === second);
  return { id: rule.id, part: isSecond ? second : rule.part, needs: rule.needs };
}
