import type { Store } from './cache.ts';
import { within, type Clock } from './clock.ts';
import { entryText, type Entry } from './entry.ts';

export type StoreWriter = {
  /** True when an entry from the store may be served. */
  trusts(entry: Entry): boolean;
  /** True while a text of this key is on its way to the store. */
  isWriting(key: string): boolean;
  put(entry: Entry, lifeMs: number): Promise<boolean>;
  remove(key: string): Promise<boolean>;
  /** Replaces what the store has of a key. Texts of ours up to `number` are old; so is every text of others. */
  replace(key: string, number: number, write: () => Promise<boolean>): Promise<void>;
};

type StoreWriterOptions = {
  store: Store;
  clock: Clock;
  timeoutMs: number;
  /** The longest time to live of an entry. */
  longestMs: number;
  me: string;
};

/** Why the store is not believed: it may still have, or get, a text from before a change. Until that text is over. */
type Doubt = { number: number; until: number };

/**
 * Writes to a store that may fail or hang. A text that could not be removed, and a text that arrives late, are still old:
 * the writer remembers the key and tells that what lies there is not to be trusted.
 */
export function createStoreWriter({
  store,
  clock,
  timeoutMs,
  longestMs,
  me,
}: StoreWriterOptions): StoreWriter {
  /** The calls of `set` that have not settled, with the time when their text is over. */
  const underWay = new Map<string, Map<Promise<unknown>, number>>();
  const doubts = new Map<string, Doubt>();

  function unsettled(key: string): Promise<unknown>[] {
    const calls = underWay.get(key);
    if (calls === undefined) return [];
    for (const [call, until] of calls) if (until <= clock.now()) calls.delete(call);
    if (calls.size === 0) underWay.delete(key);
    return [...calls.keys()];
  }

  function track(key: string, call: Promise<unknown>, until: number): void {
    unsettled(key); // drops those whose text is over
    const calls = underWay.get(key) ?? new Map<Promise<unknown>, number>();
    underWay.set(key, calls.set(call, until));
    const settled = (): void => {
      calls.delete(call);
      if (calls.size === 0 && underWay.get(key) === calls) underWay.delete(key);
    };
    call.then(settled, settled);
  }

  function doubt(key: string, one: Doubt): void {
    doubts.delete(key);
    doubts.set(key, one);
    // All doubts last equally long, so those that are over stand first.
    for (const [old, { until }] of doubts) {
      if (until > clock.now()) break;
      doubts.delete(old);
    }
  }

  async function remove(key: string): Promise<boolean> {
    return (await within(clock, timeoutMs, () => store.delete(key))).ok;
  }

  return {
    remove,
    isWriting: (key) => unsettled(key).length > 0,

    trusts({ key, writer, number }) {
      const known = doubts.get(key);
      if (known === undefined || known.until <= clock.now()) return true;
      return writer === me && number > known.number;
    },

    async put(entry, lifeMs) {
      const { key } = entry;
      const call = (async () => await store.set(key, entryText(entry), lifeMs))();
      track(key, call, entry.until);
      const { ok } = await within(clock, timeoutMs, () => call);
      const known = doubts.get(key);
      const replaced = known !== undefined && entry.number > known.number;
      if (ok && replaced && unsettled(key).length === 0) doubts.delete(key);
      return ok;
    },

    async replace(key, number, write) {
      const until = clock.now() + longestMs;
      const earlier = unsettled(key);
      if (earlier.length === 0) {
        if (!(await write())) doubt(key, { number, until });
        else if (unsettled(key).length === 0) doubts.delete(key);
        return;
      }
      const landed = Promise.allSettled(earlier);
      const [, calm] = await Promise.all([write(), within(clock, timeoutMs, () => landed)]);
      // An earlier text may have reached the store after this change: it is made once more.
      if (calm.ok && (await write())) return;
      const mine = { number, until };
      doubt(key, mine);
      void landed.then(async () => {
        if ((await remove(key)) && doubts.get(key) === mine) doubts.delete(key);
      });
    },
  };
}
