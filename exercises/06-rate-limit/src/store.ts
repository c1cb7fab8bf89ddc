/** What a store keeps under a key. Version 0 means: there is nothing under this key. */
export type Entry = { version: number; value: unknown };

/**
 * Where limiters keep what they remember. Every function does its work in one step: nobody else comes in between.
 * An entry vanishes `ttlMs` milliseconds after it was written.
 */
export type Store = {
  /** Adds 1 and returns the new number. A key that is not there starts at 1, with this time to live; later calls leave it. */
  incr(key: string, ttlMs: number): Promise<number>;
  /** What is under the key now. */
  get(key: string): Promise<Entry>;
  /** Writes `value` if the entry still has this version. Returns false, and writes nothing, if somebody was faster. */
  update(key: string, version: number, value: unknown, ttlMs: number): Promise<boolean>;
};

type Kept = Entry & { expires: number };

/** A store in the memory of this process. It works, and it grows as long as new keys come. */
export function memoryStore(clock: { now(): number }): Store {
  const entries = new Map<string, Kept>();
  let versions = 0;

  function find(key: string): Kept | undefined {
    const entry = entries.get(key);
    return entry !== undefined && entry.expires > clock.now() ? entry : undefined;
  }

  // TODO R18: keep at most `maxKeys` entries.
  return {
    async incr(key, ttlMs) {
      const entry = find(key);
      const before = entry?.value ?? 0;
      if (typeof before !== 'number') throw new TypeError(`${key} holds no number`);
      const value = before + 1;
      entries.set(key, { version: ++versions, value, expires: entry?.expires ?? clock.now() + ttlMs });
      return value;
    },
    async get(key) {
      const entry = find(key);
      return { version: entry?.version ?? 0, value: entry?.value ?? null };
    },
    async update(key, version, value, ttlMs) {
      if ((find(key)?.version ?? 0) !== version) return false;
      entries.set(key, { version: ++versions, value, expires: clock.now() + ttlMs });
      return true;
    },
  };
}
