import { createMemoryStore, type MemoryStore } from './memory-store.ts';
import { limited, type Clock } from './time.ts';

export { createMemoryStore } from './memory-store.ts';
export { createWriteBehind } from './write-behind.ts';
export type { Clock } from './time.ts';

/** Where a cache keeps its texts: Redis, or your own memory store. Any of these may fail, or never answer. */
export type Store = {
  get(key: string): Promise<string | null>;
  set(key: string, text: string, ttlMs: number): Promise<unknown>;
  delete(key: string): Promise<unknown>;
};

/** A memory in front of the store, one for each process. */
export type Near = { maxEntries: number; ttlMs: number; publish(text: string): Promise<unknown> };

export type CacheOptions = {
  store: Store;
  load: (key: string) => Promise<unknown>;
  save?: (key: string, value: unknown) => Promise<unknown>;
  clock: Clock;
  ttlMs: number;
  missTtlMs: number;
  timeoutMs: number;
  jitter?: number;
  near?: Near;
};

export type Cache = {
  get(key: string): Promise<unknown>;
  set(key: string, value: unknown): Promise<void>;
  invalidate(key: string): Promise<void>;
  receive(text: string): void;
};

/** What is stored. A wrapper, so that "we know that there is nothing" differs from "we know nothing". */
type Entry = { value: unknown };

/** A read that is under way. `valid` ends when its key changes: then nobody joins it, and nothing of it is kept. */
type Flight = { valid: boolean; answer: Promise<unknown> };

/** Cache-aside with single flight, write-through, and a memory of its own in front of the store if asked for. */
export function createCache(options: CacheOptions): Cache {
  const { store, load, save, clock, ttlMs, missTtlMs, timeoutMs, jitter = 0, near } = options;
  const flights = new Map<string, Flight>();
  const memory: MemoryStore | null = near ? createMemoryStore({ maxEntries: near.maxEntries, clock }) : null;

  /** Whatever the store does, the caller goes on: with null when it failed or took too long. */
  const tried = <T>(work: () => Promise<T>): Promise<T | null> => limited(clock, timeoutMs, work);

  async function read(key: string, flight: { valid: boolean }): Promise<unknown> {
    const text = await tried(() => store.get(key));
    const known = entryOf(text);
    if (known !== null) {
      if (flight.valid) remember(key, JSON.stringify(known));
      return known.value;
    }
    const value = (await load(key)) ?? null;
    if (flight.valid) await keep(key, value);
    return value;
  }

  async function keep(key: string, value: unknown): Promise<void> {
    const text = JSON.stringify({ value } satisfies Entry);
    remember(key, text);
    await tried(() => store.set(key, text, value === null ? missTtlMs : spread(ttlMs, jitter)));
  }

  function remember(key: string, text: string): void {
    if (memory === null || near === undefined) return;
    const missed = entryOf(text)?.value === null;
    memory.set(key, text, missed ? Math.min(near.ttlMs, missTtlMs) : near.ttlMs);
  }

  /** From here on nobody gets, and nobody keeps, what was read before. */
  function outdate(key: string): void {
    const flight = flights.get(key);
    if (flight !== undefined) flight.valid = false;
    flights.delete(key);
    memory?.delete(key);
  }

  async function tell(key: string): Promise<void> {
    if (near !== undefined) await tried(() => near.publish(JSON.stringify({ changed: key })));
  }

  return {
    async get(key) {
      const close = entryOf(memory?.get(key) ?? null);
      if (close !== null) return close.value;
      const running = flights.get(key);
      if (running !== undefined) return await running.answer;
      const flight: Flight = { valid: true, answer: Promise.resolve() };
      flight.answer = read(key, flight).finally(() => {
        if (flights.get(key) === flight) flights.delete(key);
      });
      flights.set(key, flight);
      return await flight.answer;
    },

    async set(key, value) {
      if (save === undefined) throw new TypeError('this cache was made without save');
      await save(key, value); // when the source refuses, nothing has changed
      outdate(key);
      await keep(key, value);
      outdate(key); // a read that began before the store had the new value
      remember(key, JSON.stringify({ value } satisfies Entry));
      await tell(key);
    },

    async invalidate(key) {
      outdate(key);
      await tried(() => store.delete(key));
      outdate(key); // a read that began before the store had forgotten
      await tell(key);
    },

    receive(text) {
      const key = changedKey(text);
      if (key !== null) outdate(key);
    },
  };
}

/** Null for all that no cache of ours has written. */
function entryOf(text: string | null): Entry | null {
  const entry = parsed(text);
  return isObject(entry) && 'value' in entry ? { value: entry['value'] } : null;
}

function changedKey(text: string): string | null {
  const message = parsed(text);
  return isObject(message) && typeof message['changed'] === 'string' ? message['changed'] : null;
}

function parsed(text: string | null): unknown {
  try {
    return text === null ? null : (JSON.parse(text) as unknown);
  } catch {
    return null;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

/** Entries that were stored together should not all expire together. */
function spread(ttlMs: number, jitter: number): number {
  return Math.round(ttlMs * (1 + jitter * (2 * Math.random() - 1)));
}
