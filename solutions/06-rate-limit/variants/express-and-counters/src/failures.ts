import type { Store } from './store.ts';

const quarterMs = 15 * 60 * 1000;
const most = 5;

/** Failed logins, counted with `incr` in the quarters of an hour. */
export const countFailures = (store: Store, now: () => number, account: string, address: string) => {
  const quarter = Math.floor(now() / quarterMs);
  const key = `failures/${quarter}/${address}/${account}`;
  const ttlMs = (quarter + 1) * quarterMs - now();

  return {
    retryAfterMs: ttlMs,
    /** Counts this attempt as a failure before it is known. False: there were too many already. */
    begin: async (): Promise<boolean> => (await store.incr(key, ttlMs)) <= most,
    forget: async (): Promise<void> => {
      let done = false;
      while (!done) done = await store.update(key, (await store.get(key)).version, 0, ttlMs);
    },
  };
};
