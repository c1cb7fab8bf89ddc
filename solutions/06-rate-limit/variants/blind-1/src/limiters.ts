import { change, type Store } from './store.ts';

/** What all limiters are given. Whatever they remember is in the store, and nowhere else. */
export type Surroundings = {
  store: Store;
  /** Milliseconds since 1970. */
  clock: { now(): number };
};

export type WindowOptions = Surroundings & {
  /** How many takes a window allows. */
  limit: number;
  windowMs: number;
};

export type BucketOptions = Surroundings & {
  /** How many tokens the bucket holds. It is full at first. */
  capacity: number;
  refillPerSecond: number;
};

export type Decision = {
  allowed: boolean;
  /** How many takes of cost 1 would still be allowed now: a whole number, never below 0. */
  remaining: number;
  /** When refused: milliseconds until the same take is allowed, if nobody else takes anything. */
  retryAfterMs: number;
};

/** At most `limit` takes in each window. The budget comes back all at once. Windows lie at multiples of `windowMs`. */
export async function fixedWindow(options: WindowOptions, key: string): Promise<Decision> {
  const { store, clock, limit, windowMs } = options;
  const now = clock.now();
  const window = Math.floor(now / windowMs);
  // Twice the window: a machine whose clock is behind still finds the count.
  const count = await store.incr(`fixed:${window}:${key}`, 2 * windowMs);
  return {
    allowed: count <= limit,
    remaining: Math.max(0, limit - count),
    retryAfterMs: (window + 1) * windowMs - now,
  };
}

/** Takes are counted in slots of this part of a window. More slots: more exact, and larger entries. */
const SLOTS_PER_WINDOW = 60;

/** How many takes there were in a slot. */
type Slot = { slot: number; takes: number };

/** At most `limit` takes in any span of `windowMs`. The budget comes back slot by slot. */
export async function slidingWindow(options: WindowOptions, key: string): Promise<Decision> {
  const { store, clock, limit, windowMs } = options;
  const slotMs = Math.ceil(windowMs / SLOTS_PER_WINDOW);
  const ttlMs = 2 * windowMs;
  // A slot counts until even a take at its very end is one window old.
  const endOf = ({ slot }: Slot): number => (slot + 1) * slotMs + windowMs;

  return change<Slot[], Decision>(store, `sliding:${key}`, ttlMs, (old) => {
    const now = clock.now();
    const slots = (old ?? []).filter((each) => endOf(each) > now);
    const taken = slots.reduce((sum, { takes }) => sum + takes, 0);

    if (taken >= limit) {
      const firstEnd = Math.min(...slots.map(endOf));
      // If the clock went back, the slots lie in the future. The entry does not live for longer than this.
      return { result: { allowed: false, remaining: 0, retryAfterMs: Math.min(firstEnd - now, ttlMs) } };
    }
    const slot = Math.floor(now / slotMs);
    const here = slots.find((each) => each.slot === slot);
    const next = [...slots.filter((each) => each !== here), { slot, takes: (here?.takes ?? 0) + 1 }];
    return { next, result: { allowed: true, remaining: limit - taken - 1, retryAfterMs: 0 } };
  });
}

/** How many tokens there were at a moment. */
type Bucket = { tokens: number; at: number };

/** Sums of fractions are off by a hair: 0.1 added ten times is not 1. So much may be missing. */
const HAIR = 1e-9;

/** Every take costs tokens, and tokens come back all the time. */
export async function tokenBucket(options: BucketOptions, key: string, cost = 1): Promise<Decision> {
  const { store, clock, capacity, refillPerSecond } = options;
  if (!Number.isInteger(cost) || cost < 1 || cost > capacity) {
    throw new RangeError(`cost has to be a whole number from 1 to ${capacity}, and is ${cost}`);
  }
  const perMs = refillPerSecond / 1000;
  const ttlMs = (2 * capacity) / perMs;

  return change<Bucket, Decision>(store, `bucket:${key}`, ttlMs, (old) => {
    const now = clock.now();
    const last = old ?? { tokens: capacity, at: now };
    // The latest moment that any clock has shown. Going back from it would fill the same time in twice.
    const at = Math.max(now, last.at);
    const tokens = Math.min(capacity, last.tokens + (at - last.at) * perMs);

    if (tokens + HAIR < cost) {
      const waitMs = Math.ceil(at - now + (cost - tokens) / perMs);
      const remaining = Math.floor(tokens + HAIR);
      return { result: { allowed: false, remaining, retryAfterMs: Math.max(1, Math.min(waitMs, ttlMs)) } };
    }
    const left = Math.max(0, tokens - cost);
    return {
      next: { tokens: left, at },
      result: { allowed: true, remaining: Math.floor(left + HAIR), retryAfterMs: 0 },
    };
  });
}
