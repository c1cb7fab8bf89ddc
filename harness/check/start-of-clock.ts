const DAY = 86_400_000;

/**
 * Where the clock stands when a rule begins: an instant in the thirties of this century, another for every seed, in
 * milliseconds since 1970. Never a whole second: there a program that forgets to round looks like one that rounds.
 */
export function startOfClock(seed: number): number {
  const start = Date.UTC(2031, 0, 1) + (seed % 3000) * DAY + ((seed * 7919) % DAY);
  return start % 1_000 === 0 ? start + 1 : start;
}
