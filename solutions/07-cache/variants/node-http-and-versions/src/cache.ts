import { CacheAside, type CacheOptions } from './cache-aside.ts';
import { MemoryStore } from './memory-store.ts';
import type { Clock } from './time-limit.ts';
import { WriteBehind, type WriteBehindOptions } from './write-behind.ts';

export type { Clock } from './time-limit.ts';

export function createCache(options: CacheOptions): CacheAside {
  return new CacheAside(options);
}

export function createMemoryStore({ maxEntries, clock }: { maxEntries: number; clock: Clock }): MemoryStore {
  return new MemoryStore(maxEntries, clock);
}

export function createWriteBehind(options: WriteBehindOptions): WriteBehind {
  return new WriteBehind(options);
}
