/** The time, moved by whoever made it: milliseconds since 1970, and a wait of so many milliseconds. */
export type Clock = { now(): number; sleep(ms: number): Promise<void> };

/** Where a cache keeps its texts: Redis, or your own memory store. Any of these may fail, or never answer. */
export type Store = {
  /** The text that was stored, or null. */
  get(key: string): Promise<string | null>;
  /** Stores a text for so many milliseconds, a whole number. */
  set(key: string, text: string, ttlMs: number): Promise<unknown>;
  delete(key: string): Promise<unknown>;
};

/** A memory in front of the store, one for each process. */
export type Near = {
  maxEntries: number;
  /** How long an entry stays in memory at most. */
  ttlMs: number;
  /** Tells the other processes something. Each of them hands the text to its `receive`. */
  publish(text: string): Promise<unknown>;
};

export type CacheOptions = {
  store: Store;
  /** Reads the source. Null: there is no such thing. */
  load: (key: string) => Promise<unknown>;
  /** Writes to the source. */
  save?: (key: string, value: unknown) => Promise<unknown>;
  clock: Clock;
  ttlMs: number;
  /** How long "there is no such thing" is kept. */
  missTtlMs: number;
  /** How long the store is waited for. */
  timeoutMs: number;
  /** 0.1 spreads the time to live by up to 10 % in both directions. Nothing is spread when it is left out. */
  jitter?: number;
  near?: Near;
};

export type Cache = {
  get(key: string): Promise<unknown>;
  /** Writes through: to the source, then to the cache. */
  set(key: string, value: unknown): Promise<void>;
  /** Forgets what is cached: the source has changed. */
  invalidate(key: string): Promise<void>;
  /** A text that another process published. */
  receive(text: string): Promise<void> | void;
};

export function createCache({ load }: CacheOptions): Cache {
  return {
    async get(key) {
      // TODO R1: ask the store first, and store what was loaded.
      // TODO R2: many readers at the same moment need one load.
      // TODO R3: null is an answer too. Keep it, for a shorter time.
      // TODO R4: the store may fail, hang or hold garbage.
      return await load(key);
    },
    async set(key, value) {
      // TODO R12: the source first, then the cache.
    },
    async invalidate(key) {
      // TODO R3: forget the key. TODO R11: and whatever is being loaded for it.
    },
    receive(text) {
      // TODO R15: another process has changed something.
    },
  };
}

export type MemoryStore = {
  get(key: string): string | null;
  set(key: string, text: string, ttlMs: number): void;
  delete(key: string): void;
  /** How many entries it holds. */
  size(): number;
};

/** A store in memory that never holds more than `maxEntries`. */
export function createMemoryStore({ maxEntries, clock }: { maxEntries: number; clock: Clock }): MemoryStore {
  // TODO R5: keep entries for their time; drop the one that nobody has used for longest.
  return {
    get: (key) => null,
    set: (key, text, ttlMs) => {},
    delete: (key) => {},
    size: () => 0,
  };
}

export type WriteBehindOptions = {
  /** Writes to the source. */
  save: (key: string, value: unknown) => Promise<unknown>;
  clock: Clock;
  /** How long a write may wait. */
  flushMs: number;
};

export type WriteBehind = {
  /** Takes a write and comes back at once. */
  set(key: string, value: unknown): Promise<void>;
  /** Writes all that waits, and comes back when the source has it. */
  close(): Promise<void>;
};

export function createWriteBehind(options: WriteBehindOptions): WriteBehind {
  // TODO R13: collect writes, and save each key once, flushMs later.
  return {
    async set(key, value) {},
    async close() {},
  };
}
