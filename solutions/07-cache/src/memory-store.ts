import type { Clock } from './time.ts';

export type MemoryStore = {
  get(key: string): string | null;
  set(key: string, text: string, ttlMs: number): void;
  delete(key: string): void;
  size(): number;
};

/** A store in memory that never holds more than `maxEntries`: the least recently used one goes first. */
export function createMemoryStore({ maxEntries, clock }: { maxEntries: number; clock: Clock }): MemoryStore {
  // A Map remembers the order of insertion. Who is used is taken out and put in again, so the first is the oldest.
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
        if (entries.size <= maxEntries) break;
        entries.delete(oldest);
      }
    },
    delete(key) {
      entries.delete(key);
    },
    size: () => entries.size,
  };
}
