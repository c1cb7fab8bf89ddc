import type { Clock } from './clock.ts';

export type MemoryStore = {
  get(key: string): string | null;
  set(key: string, text: string, ttlMs: number): void;
  delete(key: string): void;
  /** How many entries it holds. */
  size(): number;
};

/** A store in memory that never holds more than `maxEntries`. */
export function createMemoryStore({ maxEntries, clock }: { maxEntries: number; clock: Clock }): MemoryStore {
  // A Map iterates in the order of insertion. Every use inserts again, so the first entry is the least recently used.
  const entries = new Map<string, { text: string; until: number }>();
  // No entry ends before this moment, so nothing has to be searched until then.
  let firstEnd = Infinity;

  /** An entry that is over must not push out one that is still good. */
  function dropExpired(): void {
    const now = clock.now();
    if (now < firstEnd) return;
    firstEnd = Infinity;
    for (const [key, { until }] of entries) {
      if (until <= now) entries.delete(key);
      else firstEnd = Math.min(firstEnd, until);
    }
  }

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
      if (maxEntries < 1) return;
      if (entries.size + 1 > maxEntries) dropExpired();
      for (const oldest of entries.keys()) {
        if (entries.size + 1 <= maxEntries) break;
        entries.delete(oldest);
      }
      const until = clock.now() + ttlMs;
      firstEnd = Math.min(firstEnd, until);
      entries.set(key, { text, until });
    },
    delete(key) {
      entries.delete(key);
    },
    size: () => entries.size,
  };
}
