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

/** What is stored under a key: with the key itself and the end of its time, so that texts of others are recognised. */
type Kept = { key: string; until: number; value: unknown };

export function createCache(options: CacheOptions): Cache {
  const { store, load, save, clock, ttlMs, missTtlMs, timeoutMs, jitter = 0, near } = options;
  const memory = near && createMemoryStore({ maxEntries: near.maxEntries, clock });
  /** The read of each key that others may join. One that is no longer in here is outdated: it must keep nothing. */
  const reads = new Map<string, Promise<string>>();
  /** The last change of the store for each key, and the last `set`. The next one waits for it. */
  const changes = new Map<string, Promise<boolean>>();
  const sets = new Map<string, Promise<void>>();
  /** Keys whose old text may still be in the store, because it did not take a change, and until when. */
  const doubtful = new Map<string, number>();
  let drops = 0;

  /** The result of a call of the store, or a rejection after `timeoutMs`. */
  async function inTime<T>(call: () => T | Promise<T>): Promise<T> {
    const late = clock.sleep(timeoutMs).then(() => Promise.reject(new Error('no answer in time')));
    return await Promise.race([(async () => await call())(), late]);
  }

  function keptIn(key: string, text: unknown): Kept | null {
    if (typeof text !== 'string') return null;
    try {
      const { until, value, ...kept } = JSON.parse(text) as Partial<Kept>;
      if (kept.key !== key || typeof until !== 'number' || value === undefined) return null;
      return until > clock.now() ? { key, until, value } : null;
    } catch {
      return null;
    }
  }

  function timeToLive(value: unknown): number {
    if (value === null) return Math.max(1, Math.round(missTtlMs));
    const least = Math.ceil(ttlMs * (1 - jitter));
    const most = Math.floor(ttlMs * (1 + jitter));
    return Math.max(1, least + Math.floor(Math.random() * (most - least + 1)));
  }

  function remember(key: string, text: string): void {
    const kept = keptIn(key, text);
    if (near && kept) memory?.set(key, text, Math.min(near.ttlMs, kept.until - clock.now()));
  }

  /** From now on nobody joins a read of this key that has begun, and none of them keeps anything. */
  function drop(key: string): void {
    drops++;
    reads.delete(key);
    memory?.delete(key);
  }

  function doubt(key: string): void {
    doubtful.delete(key);
    doubtful.set(key, clock.now() + Math.max(ttlMs * (1 + jitter), missTtlMs));
    for (const [oldest, until] of doubtful) {
      if (until > clock.now()) return;
      doubtful.delete(oldest);
    }
  }

  /** Changes the store for one key after the earlier changes. False: it did not happen, or not in time. */
  function change(key: string, call: () => Promise<unknown>): Promise<boolean> {
    return inTurn(changes, key, async () => {
      try {
        await inTime(call);
        doubtful.delete(key);
        return true;
      } catch {
        return false;
      }
    });
  }

  /** Writes a text, unless the read that brought it is outdated when its turn comes. */
  function put(key: string, text: string, ms: number, wanted = () => true): Promise<boolean> {
    return inTurn(changes, key, async () => {
      if (!wanted()) return false;
      const before = drops;
      let late = false;
      try {
        await inTime(async () => {
          await store.set(key, text, ms);
          // It has arrived long after anybody waited for it. If something changed meanwhile, it may be outdated.
          if (late && before !== drops) void erase(key);
        });
        if (wanted()) doubtful.delete(key);
        return true;
      } catch {
        late = true;
        return false;
      }
    });
  }

  async function erase(key: string): Promise<void> {
    if (!(await change(key, () => store.delete(key)))) doubt(key);
  }

  async function announce(key: string): Promise<void> {
    await inTime(() => near?.publish(JSON.stringify({ changed: key }))).catch(() => {});
  }

  /** The text of a key: from the store, else from the source. */
  async function read(key: string, isCurrent: () => boolean): Promise<string> {
    if ((doubtful.get(key) ?? 0) <= clock.now()) {
      const found = await inTime(() => store.get(key)).catch(() => null);
      if (found !== null && keptIn(key, found)) {
        if (isCurrent()) remember(key, found);
        return found;
      }
    }
    const value = (await load(key)) ?? null;
    const ms = timeToLive(value);
    const text = JSON.stringify({ key, until: clock.now() + ms, value } satisfies Kept);
    if (isCurrent()) await put(key, text, ms, isCurrent);
    if (isCurrent()) remember(key, text);
    return text;
  }

  return {
    async get(key) {
      const known = memory && keptIn(key, memory.get(key));
      if (known) return known.value;
      let reading = reads.get(key);
      if (reading === undefined) {
        const mine: Promise<string> = read(key, () => reads.get(key) === mine).finally(() => {
          if (reads.get(key) === mine) reads.delete(key);
        });
        reads.set(key, mine);
        reading = mine;
      }
      // Each reader gets a copy of its own, as from the store.
      return (JSON.parse(await reading) as Kept).value;
    },
    async set(key, value) {
      await inTurn(sets, key, async () => {
        await save?.(key, value);
        drop(key);
        const ms = timeToLive(value);
        const text = JSON.stringify({ key, until: clock.now() + ms, value } satisfies Kept);
        if (!(await put(key, text, ms))) await erase(key);
        drop(key);
        await announce(key);
      });
    },
    async invalidate(key) {
      drop(key);
      await erase(key);
      drop(key); // who began meanwhile may have found the old text
      await announce(key);
    },
    async receive(text) {
      try {
        const { changed } = JSON.parse(text) as { changed?: unknown };
        if (typeof changed !== 'string') return;
        drop(changed);
        // A text on its way into the store is older than the news, and would land after it.
        if (changes.has(changed)) await erase(changed);
      } catch {
        // not one of ours
      }
    },
  };
}

/** Does work after the earlier work of this key, whatever became of that. */
function inTurn<T>(turns: Map<string, Promise<T>>, key: string, work: () => Promise<T>): Promise<T> {
  const before = turns.get(key);
  const mine: Promise<T> = (before === undefined ? work() : before.then(work, work)).finally(() => {
    if (turns.get(key) === mine) turns.delete(key);
  });
  turns.set(key, mine);
  return mine;
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
  /** In the order of their last use: the first one is the one that nobody has used for longest. */
  const entries = new Map<string, { text: string; until: number }>();
  return {
    get(key) {
      const entry = entries.get(key);
      if (entry === undefined) return null;
      entries.delete(key);
      if (entry.until <= clock.now()) return null;
      entries.set(key, entry);
      return entry.text;
    },
    set(key, text, ttlMs) {
      entries.delete(key);
      entries.set(key, { text, until: clock.now() + ttlMs });
      for (const oldest of entries.keys()) {
        if (entries.size <= maxEntries) return;
        entries.delete(oldest);
      }
    },
    delete(key) {
      entries.delete(key);
    },
    size: () => entries.size,
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

export function createWriteBehind({ save, clock, flushMs }: WriteBehindOptions): WriteBehind {
  /** The last value of each key that is not saved, and when it has to be. */
  const waiting = new Map<string, { value: unknown; due: number }>();
  /** One for each key, as long as something waits: two saves of a key never run at the same time. */
  const savers = new Map<string, Promise<void>>();
  let closed = false;
  let hurry = (): void => {};
  const closing = new Promise<void>((resolve) => (hurry = resolve));

  async function saveUntilDone(key: string): Promise<void> {
    let failed = false;
    for (let next = waiting.get(key); next !== undefined; next = waiting.get(key)) {
      const ms = next.due - clock.now();
      // While closing only a save that has just failed waits.
      if (ms > 0 && !closed) await Promise.race([clock.sleep(ms), closing]);
      else if (ms > 0 && failed) await clock.sleep(ms);
      const { value } = waiting.get(key) ?? next;
      waiting.delete(key);
      try {
        await save(key, value);
        failed = false;
      } catch {
        failed = true;
        const newer = waiting.get(key);
        waiting.set(key, { value: newer ? newer.value : value, due: clock.now() + flushMs });
      }
    }
    savers.delete(key);
  }

  return {
    async set(key, value) {
      const due = waiting.get(key)?.due ?? clock.now() + flushMs;
      waiting.set(key, { value: structuredClone(value), due });
      if (!savers.has(key)) savers.set(key, saveUntilDone(key));
    },
    async close() {
      closed = true;
      hurry();
      while (savers.size > 0) await Promise.all(savers.values());
    },
  };
}
