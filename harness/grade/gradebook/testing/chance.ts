/** For tests: chance that repeats itself for the same seed (mulberry32). */
export type Chance = {
  /** From 0 up to 1, without it. */
  next: () => number;
  /** A whole number below `limit`. */
  below: (limit: number) => number;
  pick: <T>(values: readonly T[]) => T;
  /** About normally distributed around 0, with deviation 1. */
  normal: () => number;
};

export function chance(seed: number): Chance {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number): number => Math.floor(next() * limit);
  return {
    next,
    below,
    pick: (values) => values[below(values.length)] as (typeof values)[number],
    normal: () => Array.from({ length: 12 }, next).reduce((sum, value) => sum + value, -6),
  };
}
