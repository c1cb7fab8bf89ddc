import { createGenerations } from './generations.ts';
import { createMemoryStore } from './memory-store.ts';
import { patience, type Clock } from './waiting.ts';

export type { Clock } from './waiting.ts';
export { createMemoryStore } from './memory-store.ts';
export { createWriteBehind } from './write-behind.ts';

export type Store = {
  get(key: string): Promise<string | null>;
  set(key: string, text: string, ttlMs: number): Promise<unknown>;
  delete(key: string): Promise<unknown>;
};
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
  receive(text: string): Promise<void>;
};

type Found = { value: unknown; end: number };

const MARK = 'cache-1';
const textOf = ({ value, end }: Found): string => `${MARK} ${end} ${JSON.stringify(value)}`;

function foundIn(text: unknown, now: number): Found | undefined {
  const [, end, json] = (typeof text === 'string' && /^cache-1 (\d+(?:\.\d+)?) (.*)$/s.exec(text)) || [];
  if (end === undefined || json === undefined || Number(end) <= now) return undefined;
  try {
    return { value: JSON.parse(json), end: Number(end) };
  } catch {
    return undefined;
  }
}

export function createCache(options: CacheOptions): Cache {
  const { store, load, save, clock, ttlMs, missTtlMs, timeoutMs, jitter = 0, near } = options;
  const attempt = patience(clock, timeoutMs);
  const generations = createGenerations();
  const loading = new Map<string, Promise<unknown>>();
  const memory = near && createMemoryStore({ maxEntries: near.maxEntries, clock });
  const unsure = new Map<string, number>(); // keys whose old text may still be in the store, and until when

  const endOf = (value: unknown): number => {
    if (value === null) return clock.now() + missTtlMs;
    return clock.now() + Math.max(1, Math.round(ttlMs * (1 - jitter + Math.random() * 2 * jitter)));
  };

  const keepNear = async (key: string, found: Found): Promise<void> => {
    const rest = Math.min(near?.ttlMs ?? 0, found.end - clock.now());
    if (rest > 0) await memory?.set(key, textOf(found), rest);
  };

  /** Stores, and takes it back when the key has changed before the store was done, however late that is. */
  const keep = (key: string, found: Found, isPresent: () => boolean): Promise<boolean | undefined> =>
    attempt(async () => {
      if (!isPresent()) return false;
      await store.set(key, textOf(found), found.end - clock.now());
      if (isPresent()) return unsure.delete(key) || true;
      await store.delete(key);
      return false;
    });

  const forget = async (key: string): Promise<void> => {
    const done = await attempt(async () => {
      await store.delete(key);
      return true;
    });
    if (!done) unsure.set(key, clock.now() + Math.ceil(ttlMs * (1 + jitter)));
  };

  /** From now on nobody joins what is being read, and what is being read is not kept. */
  const turnOver = async (key: string): Promise<void> => {
    generations.next(key);
    loading.delete(key);
    await memory?.delete(key);
  };

  const announce = async (key: string): Promise<void> => {
    await turnOver(key);
    if (near) await attempt(() => near.publish(JSON.stringify([MARK, key])));
  };

  const fetch = (key: string): Promise<unknown> =>
    generations.during(key, async (isPresent) => {
      const trusted = (unsure.get(key) ?? 0) <= clock.now();
      const stored = trusted ? foundIn(await attempt(() => store.get(key)), clock.now()) : undefined;
      if (stored !== undefined) {
        if (isPresent()) await keepNear(key, stored);
        return stored.value;
      }
      const value = (await load(key)) ?? null;
      const found = { value, end: endOf(value) };
      await keep(key, found, isPresent);
      if (isPresent()) await keepNear(key, found);
      return value;
    });

  return {
    async get(key) {
      const close = memory && foundIn(await memory.get(key), clock.now());
      if (close !== undefined) return close.value;
      const shared = loading.get(key);
      if (shared !== undefined) return await shared;
      const own = fetch(key).finally(() => {
        if (loading.get(key) === own) loading.delete(key);
      });
      loading.set(key, own);
      return await own;
    },
    async set(key, value) {
      await save?.(key, value);
      await turnOver(key);
      const kept = await generations.during(key, (isPresent) =>
        keep(key, { value, end: endOf(value) }, isPresent),
      );
      if (!kept) await forget(key);
      await announce(key);
    },
    async invalidate(key) {
      await turnOver(key);
      await forget(key);
      await announce(key);
    },
    async receive(text) {
      try {
        const message: unknown = JSON.parse(text);
        if (Array.isArray(message) && message[0] === MARK && typeof message[1] === 'string') {
          await turnOver(message[1]);
        }
      } catch {
        // not one of our texts
      }
    },
  };
}
