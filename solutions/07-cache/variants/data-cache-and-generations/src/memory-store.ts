import type { Clock } from './waiting.ts';

type Kept = { text: string; end: number; usedAt: number };

/** Every use gets the next number. When there are too many, what is over goes first, then the lowest number. */
export function createMemoryStore({ maxEntries, clock }: { maxEntries: number; clock: Clock }) {
  const entries = new Map<string, Kept>();
  let uses = 0;

  const dropOne = (): void => {
    let victim: string | undefined;
    let lowest = Infinity;
    for (const [key, { end, usedAt }] of entries) {
      const rank = end <= clock.now() ? -1 : usedAt;
      if (rank < lowest) [victim, lowest] = [key, rank];
    }
    if (victim !== undefined) entries.delete(victim);
  };

  return {
    async get(key: string): Promise<string | null> {
      const kept = entries.get(key);
      if (kept === undefined || kept.end <= clock.now()) return null;
      kept.usedAt = ++uses;
      return kept.text;
    },
    async set(key: string, text: string, ttlMs: number): Promise<void> {
      if (maxEntries <= 0) return;
      if (!entries.has(key) && entries.size >= maxEntries) dropOne();
      entries.set(key, { text, end: clock.now() + ttlMs, usedAt: ++uses });
    },
    async delete(key: string): Promise<void> {
      entries.delete(key);
    },
    async size(): Promise<number> {
      return entries.size;
    },
  };
}
