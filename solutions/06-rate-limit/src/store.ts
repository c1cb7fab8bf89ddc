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

/** A store in the memory of this process, with at most `maxKeys` entries. */
export function memoryStore(clock: { now(): number }, maxKeys: number): Store {
  // A Map iterates in the order of insertion, and `keep` inserts anew: the first entry is the one not written longest.
  const entries = new Map<string, Kept>();
  let versions = 0;

  function find(key: string): Kept | undefined {
    const entry = entries.get(key);
    return entry !== undefined && entry.expires > clock.now() ? entry : undefined;
  }

  function keep(key: string, value: unknown, expires: number): void {
    entries.delete(key);
    if (entries.size >= maxKeys) makeRoom();
    entries.set(key, { version: ++versions, value, expires });
  }

  /** What has expired goes first. When all are alive, one is forgotten too early: better than a process without memory. */
  function makeRoom(): void {
    for (const [key, { expires }] of entries) if (expires <= clock.now()) entries.delete(key);
    for (const key of entries.keys()) {
      if (entries.size < maxKeys) return;
      entries.delete(key);
    }
  }

  // No `await` inside: each of these runs to its end before anybody else's turn comes.
  return {
    async incr(key, ttlMs) {
      const entry = find(key);
      const known = entry?.value ?? 0;
      if (typeof known !== 'number') throw new TypeError(`there is no number under ${key}`);
      const value = known + 1;
      keep(key, value, entry?.expires ?? clock.now() + ttlMs);
      return value;
    },
    async get(key) {
      const { version = 0, value = null } = find(key) ?? {};
      return { version, value };
    },
    async update(key, version, value, ttlMs) {
      if ((find(key)?.version ?? 0) !== version) return false;
      keep(key, value, clock.now() + ttlMs);
      return true;
    },
  };
}

/** The same store for those who cannot wait: a call that takes longer than `timeoutMs` rejects. */
export function impatient(
  store: Store,
  clock: { sleep(ms: number): Promise<void> },
  timeoutMs: number,
): Store {
  async function within<T>(call: Promise<T>): Promise<T> {
    const timeout = clock.sleep(timeoutMs).then(() => {
      throw new Error(`the store took more than ${timeoutMs} ms`);
    });
    // A race looks at both to their end: the one that comes too late and fails is no unhandled rejection.
    return await Promise.race([call, timeout]);
  }
  return {
    incr: (key, ttlMs) => within(store.incr(key, ttlMs)),
    get: (key) => within(store.get(key)),
    update: (key, version, value, ttlMs) => within(store.update(key, version, value, ttlMs)),
  };
}
