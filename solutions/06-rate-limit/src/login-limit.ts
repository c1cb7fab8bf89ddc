import { allowed, compareAndSet, refused, type Decision, type Surroundings } from './limiters.ts';

const MAX_FAILURES = 5;
const WINDOW_MS = 15 * 60 * 1000;

type Failures = { count: number; until: number };

export type LoginLimit = {
  /** Takes one of the failures in advance. Refused: do not even look at the password. */
  reserve(key: string): Promise<Decision>;
  /** The login went well: nothing is held against this key any more. */
  forgive(key: string): Promise<void>;
};

/**
 * Counts a failure before the password is looked at, and takes it back when it was none. Counting afterwards would let
 * any number of guesses pass that arrive together, before the first of them has failed.
 */
export function loginLimit({ store, clock }: Surroundings): LoginLimit {
  const change = (key: string, step: (known: Failures) => Step): Promise<Decision> =>
    compareAndSet<Failures>(store, `login:${key}`, WINDOW_MS, (known) => {
      const now = clock.now();
      const alive = known !== null && known.until > now;
      return step(alive ? known : { count: 0, until: now + WINDOW_MS });
    });

  return {
    reserve: (key) =>
      change(key, ({ count, until }) =>
        count < MAX_FAILURES
          ? { decision: allowed(MAX_FAILURES - count - 1), next: { count: count + 1, until } }
          : { decision: refused(until - clock.now()) },
      ),
    forgive: async (key) => {
      await change(key, ({ until }) => ({ decision: allowed(MAX_FAILURES), next: { count: 0, until } }));
    },
  };
}

type Step = { decision: Decision; next?: Failures };
