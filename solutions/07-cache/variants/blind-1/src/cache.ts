import { within, type Clock } from './clock.ts';
import { entryText, parseEntry, parseRecord, type Entry } from './entry.ts';
import { createMemoryStore } from './memory-store.ts';
import { createStoreWriter } from './store-writer.ts';

export type { Clock } from './clock.ts';
export { createMemoryStore, type MemoryStore } from './memory-store.ts';
export { createWriteBehind, type WriteBehind, type WriteBehindOptions } from './write-behind.ts';

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

/** A read that is under way. Everybody who wants the key meanwhile waits for its text. */
type Read = { current: boolean; text: Promise<string> };

/** A `set` that is under way. It is alone as long as nothing else has changed the key meanwhile. */
type Writer = { alone: boolean };

export function createCache(options: CacheOptions): Cache {
  const { store, load, save, clock, ttlMs, missTtlMs, timeoutMs, jitter = 0, near } = options;
  const me = crypto.randomUUID();
  const memory = near && createMemoryStore({ maxEntries: near.maxEntries, clock });
  const longestMs = Math.max(ttlMs * (1 + jitter), missTtlMs);
  const storeWriter = createStoreWriter({ store, clock, timeoutMs, longestMs, me });
  const reads = new Map<string, Read>();
  const writers = new Map<string, Set<Writer>>();
  let number = 0;

  function newEntry(key: string, value: unknown): { entry: Entry; lifeMs: number } {
    const lifeMs = value === null ? wholeMs(missTtlMs) : spread(ttlMs, jitter);
    number += 1;
    return { entry: { key, value, until: clock.now() + lifeMs, writer: me, number }, lifeMs };
  }

  function remember(entry: Entry): void {
    if (near === undefined) return;
    const lifeMs = Math.min(near.ttlMs, entry.until - clock.now());
    if (lifeMs > 0) memory?.set(entry.key, entryText(entry), lifeMs);
  }

  /** Whatever this process has of the key is old, and so is what a read under way will bring. */
  function forget(key: string): void {
    memory?.delete(key);
    const read = reads.get(key);
    if (read === undefined) return;
    read.current = false;
    reads.delete(key); // who comes now must not join it
  }

  function startRead(key: string): Read {
    const read: Read = { current: true, text: Promise.resolve('') };
    reads.set(key, read);
    read.text = fetch(key, read).finally(() => {
      if (reads.get(key) === read) reads.delete(key);
    });
    return read;
  }

  async function fetch(key: string, read: Read): Promise<string> {
    const found = await within(clock, timeoutMs, () => store.get(key));
    const stored = found.ok ? parseEntry(key, found.value) : null;
    if (stored !== null && stored.until > clock.now() && storeWriter.trusts(stored)) {
      if (read.current) remember(stored);
      return entryText(stored);
    }
    const value = (await load(key)) ?? null;
    const { entry, lifeMs } = newEntry(key, value);
    if (read.current) {
      remember(entry);
      await storeWriter.put(entry, lifeMs);
    }
    return entryText(entry);
  }

  /**
   * Changes the store after the source has changed. It forgets twice: what was read before, and what a read that began
   * while the store was being changed may have found there.
   */
  async function change(key: string, write: () => Promise<boolean>): Promise<void> {
    forget(key);
    await storeWriter.replace(key, number, write);
    forget(key);
  }

  function disturbWriters(key: string): void {
    for (const writer of writers.get(key) ?? []) writer.alone = false;
  }

  function enter(key: string): Writer {
    const together = writers.get(key) ?? new Set();
    const writer = { alone: together.size === 0 };
    disturbWriters(key);
    writers.set(key, together.add(writer));
    return writer;
  }

  function leave(key: string, writer: Writer): void {
    const together = writers.get(key);
    together?.delete(writer);
    if (together?.size === 0) writers.delete(key);
  }

  async function publish(key: string): Promise<void> {
    if (near === undefined) return;
    await within(clock, timeoutMs, () => near.publish(JSON.stringify({ changed: key, by: me })));
  }

  return {
    async get(key) {
      const remembered = parseEntry(key, memory?.get(key));
      if (remembered !== null) return remembered.value;
      // Each reader parses a copy of its own: what one of them changes in it, no other one sees.
      const text = await (reads.get(key) ?? startRead(key)).text;
      return parseEntry(key, text)?.value ?? null;
    },

    async set(key, value) {
      if (save === undefined) throw new Error('createCache got no "save": this cache cannot write through.');
      const copy: unknown = JSON.parse(JSON.stringify(value ?? null)); // the caller may change its object meanwhile
      const writer = enter(key);
      try {
        await save(key, value);
        let written: Entry | null = null;
        await change(key, async () => {
          // With two writers at a time nobody here knows whose value the source has last: the next read will ask it.
          if (!writer.alone) return await storeWriter.remove(key);
          const { entry, lifeMs } = newEntry(key, copy);
          written = entry;
          const stored = await storeWriter.put(entry, lifeMs);
          return (stored && writer.alone) || (await storeWriter.remove(key));
        });
        if (written !== null && writer.alone) remember(written);
        await publish(key);
      } finally {
        leave(key, writer);
      }
    },

    async invalidate(key) {
      disturbWriters(key);
      await change(key, () => storeWriter.remove(key));
      await publish(key);
    },

    async receive(text) {
      const news = parseRecord(text);
      const key = news?.['changed'];
      if (typeof key !== 'string' || news?.['by'] === me) return;
      disturbWriters(key);
      forget(key);
      // A text of ours that is still on its way to the store would bring back what the other process has just removed.
      if (storeWriter.isWriting(key)) await change(key, () => storeWriter.remove(key));
    },
  };
}

/** A time to live of its own for each entry, so that what was stored together does not end together. */
function spread(ms: number, jitter: number): number {
  const least = Math.ceil(ms * (1 - jitter));
  const most = Math.floor(ms * (1 + jitter));
  return most > least ? wholeMs(least + Math.floor(Math.random() * (most - least + 1))) : wholeMs(ms);
}

function wholeMs(ms: number): number {
  return Math.max(1, Math.round(ms));
}
