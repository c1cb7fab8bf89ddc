import { Ledger } from './ledger.ts';
import type { Clock, Store } from './store.ts';
import { TimeLog } from './time-log.ts';

export interface Decision {
  allowed: boolean;
  remaining: number;
  retryAfterMs: number;
}

export interface WindowOptions {
  store: Store;
  clock: Clock;
  limit: number;
  windowMs: number;
}

export interface BucketOptions {
  store: Store;
  clock: Clock;
  capacity: number;
  refillPerSecond: number;
}

/** `debtMs`: how long after `seen` the bucket is full again. */
type Arrival = { seen: number; debtMs: number };

class Gcra {
  readonly #options: BucketOptions;
  /** In which time one token comes. */
  readonly intervalMs: number;
  readonly fullMs: number;

  constructor(options: BucketOptions) {
    this.#options = options;
    this.intervalMs = 1000 / options.refillPerSecond;
    this.fullMs = options.capacity * this.intervalMs;
  }

  take(key: string, cost: number): Promise<Decision> {
    const { store, clock, capacity } = this.#options;
    if (!Number.isInteger(cost) || cost < 1 || cost > capacity) {
      return Promise.reject(new RangeError(`a cost has to be a whole number from 1 to ${capacity}`));
    }
    const ledger = new Ledger<Arrival>(store, `gcra ${key}`, Math.max(1, 2 * this.fullMs));
    return ledger.change<Decision>((old) => {
      const now = clock.now();
      // The time of a bucket never goes back, whatever the clock of this process says.
      const seen = Math.max(now, old?.seen ?? now);
      const before = Math.max(0, old === null ? 0 : old.debtMs - (seen - old.seen));
      const after = before + cost * this.intervalMs;
      const excess = after - this.fullMs;
      if (excess > this.intervalMs * 1e-6) {
        const retryAfterMs = Math.ceil(excess + (seen - now));
        return { result: { allowed: false, remaining: this.#whole(before), retryAfterMs } };
      }
      return {
        write: { seen, debtMs: after },
        result: { allowed: true, remaining: this.#whole(after), retryAfterMs: 0 },
      };
    });
  }

  #whole(debtMs: number): number {
    return Math.max(0, Math.floor((this.fullMs - debtMs) / this.intervalMs + 1e-6));
  }
}

/** Windows at multiples of `windowMs`. */
export async function fixedWindow(options: WindowOptions, key: string): Promise<Decision> {
  const { store, clock, limit, windowMs } = options;
  const now = clock.now();
  const window = Math.floor(now / windowMs);
  const ledger = new Ledger<number>(store, `fixed ${window} ${key}`, 2 * windowMs);
  return await ledger.change<Decision>((taken) => {
    if ((taken ?? 0) >= limit) {
      return {
        result: { allowed: false, remaining: 0, retryAfterMs: Math.ceil((window + 1) * windowMs - now) },
      };
    }
    const write = (taken ?? 0) + 1;
    return { write, result: { allowed: true, remaining: limit - write, retryAfterMs: 0 } };
  });
}

/** Remembers the time of every take. */
export async function slidingWindow(options: WindowOptions, key: string): Promise<Decision> {
  const { store, clock, limit, windowMs } = options;
  return await new Ledger<number[]>(store, `log ${key}`, windowMs).change<Decision>((times) => {
    const log = new TimeLog(times, limit, windowMs, clock.now());
    if (log.left === 0) return { result: { allowed: false, remaining: 0, retryAfterMs: log.waitMs } };
    return { write: log.withNow(), result: { allowed: true, remaining: log.left - 1, retryAfterMs: 0 } };
  });
}

/** Remembers when the bucket will be full. */
export function tokenBucket(options: BucketOptions, key: string, cost = 1): Promise<Decision> {
  return new Gcra(options).take(key, cost);
}
