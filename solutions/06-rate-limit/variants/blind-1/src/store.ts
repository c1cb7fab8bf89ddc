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

/** The store rejected a call, or did not answer in time. */
export class StoreDown extends Error {}

type Kept = Entry & { expires: number };

/** A store in the memory of this process. When it is full it forgets the entry that nobody has used for longest. */
export function memoryStore(clock: { now(): number }, maxKeys = 10_000): Store {
  // A Map keeps the order of insertion. Every use moves an entry to the end, so the first one is the least used.
  const entries = new Map<string, Kept>();
  let versions = 0;

  function find(key: string): Kept | undefined {
    const entry = entries.get(key);
    if (entry === undefined) return undefined;
    entries.delete(key);
    if (entry.expires <= clock.now()) return undefined;
    entries.set(key, entry);
    return entry;
  }

  function keep(key: string, value: unknown, expires: number): void {
    entries.delete(key);
    entries.set(key, { version: ++versions, value, expires });
    for (const oldest of entries.keys()) {
      if (entries.size <= maxKeys) break;
      entries.delete(oldest);
    }
  }

  return {
    async incr(key, ttlMs) {
      const entry = find(key);
      const value = entry?.value ?? 0;
      if (typeof value !== 'number') throw new TypeError(`there is no number under ${key}`);
      keep(key, value + 1, entry?.expires ?? clock.now() + ttlMs);
      return value + 1;
    },
    async get(key) {
      const entry = find(key);
      return { version: entry?.version ?? 0, value: entry?.value ?? null };
    },
    async update(key, version, value, ttlMs) {
      if ((find(key)?.version ?? 0) !== version) return false;
      keep(key, value, clock.now() + ttlMs);
      return true;
    },
  };
}

/** The same store, but each call that rejects or takes longer than `timeoutMs` rejects with StoreDown. */
export function impatientStore(store: Store, sleep: (ms: number) => Promise<void>, timeoutMs: number): Store {
  async function within<Answer>(call: () => Promise<Answer>): Promise<Answer> {
    const tooLate = sleep(timeoutMs).then(() => {
      throw new StoreDown(`the store did not answer within ${timeoutMs} ms`);
    });
    // Most calls are done by then, and nobody looks at this promise any more.
    tooLate.catch(() => {});
    try {
      return await Promise.race([call(), tooLate]);
    } catch (cause) {
      throw cause instanceof StoreDown ? cause : new StoreDown('the store rejected a call', { cause });
    }
  }

  return {
    incr: (key, ttlMs) => within(() => store.incr(key, ttlMs)),
    get: (key) => within(() => store.get(key)),
    update: (key, version, value, ttlMs) => within(() => store.update(key, version, value, ttlMs)),
  };
}

/**
 * Reads the entry, lets `step` decide, and writes `next` if there is one. When somebody else wrote in between, the
 * decision was made on old news: everything is done again.
 */
export async function change<Value, Result>(
  store: Store,
  key: string,
  ttlMs: number,
  step: (old: Value | null) => { next?: Value; result: Result },
): Promise<Result> {
  for (;;) {
    const { version, value } = await store.get(key);
    const { next, result } = step(value as Value | null);
    if (next === undefined || (await store.update(key, version, next, ttlMs))) return result;
  }
}
