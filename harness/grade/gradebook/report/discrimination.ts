/** How well a rule tells those who do well elsewhere from those who do not; `none`: nothing can be said, and why. */
export type Discrimination = { kind: 'value'; r: number } | { kind: 'none'; why: string };

/** Below this, one student more or less turns the figure round. */
export const FEWEST_JUDGED = 20;
/** On the smaller side, of those who pass and those who fail. */
export const FEWEST_ON_A_SIDE = 3;

/** One student for whom the rule was judged. `rest`: how many other rules of the exercise this student keeps. */
export type Judged = { passed: boolean; rest: number };

/**
 * The point-biserial correlation of a rule with the rest of its exercise, −1 to 1: (M₁ − M₀) / s × √(p × (1 − p)), where M₁ and
 * M₀ are the mean rests of those who pass and those who fail, s the standard deviation of all rests (divided by n), p the
 * share that passes. The rule itself is not part of the rest, or it would be compared with itself (S. Henrysson, "Correction
 * of item-total correlations in item analysis", Psychometrika 28, 1963).
 */
export function discriminationOf(judged: readonly Judged[]): Discrimination {
  const ones = judged.filter(({ passed }) => passed);
  const zeros = judged.filter(({ passed }) => !passed);
  if (judged.length < FEWEST_JUDGED) return { kind: 'none', why: `fewer than ${FEWEST_JUDGED} judged` };
  if (Math.min(ones.length, zeros.length) < FEWEST_ON_A_SIDE) {
    return { kind: 'none', why: zeros.length < ones.length ? 'almost all pass' : 'almost all fail' };
  }
  const mean = (list: readonly Judged[]): number =>
    list.reduce((sum, { rest }) => sum + rest, 0) / list.length;
  const all = mean(judged);
  const s = Math.sqrt(judged.reduce((sum, { rest }) => sum + (rest - all) ** 2, 0) / judged.length);
  if (s === 0) return { kind: 'none', why: 'no difference elsewhere' };
  const p = ones.length / judged.length;
  return { kind: 'value', r: ((mean(ones) - mean(zeros)) / s) * Math.sqrt(p * (1 - p)) };
}
