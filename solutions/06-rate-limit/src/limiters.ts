import type { Store } from './store.ts';

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
  /** Milliseconds until the same take is allowed, if nobody else takes anything; 0 when it was allowed. */
  retryAfterMs: number;
};

/** At most `limit` takes in each window; windows begin at multiples of `windowMs` since 1970. */
export async function fixedWindow(
  { store, clock, limit, windowMs }: WindowOptions,
  key: string,
): Promise<Decision> {
  const now = clock.now();
  const window = Math.floor(now / windowMs);
  // The window is part of the key, so a refused take that is counted too harms nobody: the next window has a new key.
  const count = await store.incr(`fixed:${key}:${window}`, windowMs);
  if (count > limit) return refused((window + 1) * windowMs - now);
  return allowed(limit - count);
}

type Counters = { window: number; current: number; previous: number };

/**
 * Two counters in the place of a list of all takes. The window that has just ended counts with the share of it that a
 * sliding window would still cover, as if its takes had been spread evenly.
 */
export async function slidingWindow(
  { store, clock, limit, windowMs }: WindowOptions,
  key: string,
): Promise<Decision> {
  // The counters matter in their own window and in the one after it.
  return await compareAndSet<Counters>(store, `sliding:${key}`, 2 * windowMs, (known) => {
    const now = clock.now();
    const { window, current, previous } = turnedTo(Math.floor(now / windowMs), known);
    const elapsed = Math.max(0, now - window * windowMs);
    const used = previous * (1 - elapsed / windowMs) + current;
    if (used + 1 > limit) {
      // Either the previous window fades, or this one becomes the previous one and fades in turn.
      const wait =
        current < limit
          ? fadedAfter(previous, limit - 1 - current, windowMs)
          : windowMs + fadedAfter(current, limit - 1, windowMs);
      return { decision: refused(wait - elapsed) };
    }
    return {
      decision: allowed(Math.floor(limit - used - 1)),
      next: { window, current: current + 1, previous },
    };
  });
}

/** The counters as they look from this window on. A window that lies ahead is that of a machine whose clock is fast. */
function turnedTo(window: number, known: Counters | null): Counters {
  if (known === null) return { window, current: 0, previous: 0 };
  if (window <= known.window) return known;
  return { window, current: 0, previous: window === known.window + 1 ? known.current : 0 };
}

/** How far into the next window `count` takes have faded to `rest`, in milliseconds. */
function fadedAfter(count: number, rest: number, windowMs: number): number {
  return windowMs * (1 - rest / count);
}

type Bucket = { tokens: number; at: number };

/** Tokens come back all the time, up to `capacity`. */
export async function tokenBucket(
  { store, clock, capacity, refillPerSecond }: BucketOptions,
  key: string,
  cost = 1,
): Promise<Decision> {
  // A negative cost would add tokens, and NaN would stay in the bucket for good.
  if (!Number.isInteger(cost) || cost < 1 || cost > capacity) {
    throw new RangeError(`a take costs from 1 to ${capacity} tokens, not ${cost}`);
  }
  const perMs = refillPerSecond / 1000;
  // After this time the bucket is full, and a full bucket need not be remembered.
  return await compareAndSet<Bucket>(store, `bucket:${key}`, Math.ceil(capacity / perMs), (known) => {
    const now = clock.now();
    const last = known ?? { tokens: capacity, at: now };
    // Never back: where clocks differ, the slow one would otherwise have the same time paid for twice.
    const at = Math.max(last.at, now);
    const tokens = Math.min(capacity, last.tokens + (at - last.at) * perMs);
    if (tokens < cost) return { decision: refused(at - now + (cost - tokens) / perMs, Math.floor(tokens)) };
    return { decision: allowed(Math.floor(tokens - cost)), next: { tokens: tokens - cost, at } };
  });
}

/** What to answer, and what to remember from now on; without `next` everything stays as it is. */
type Step<State> = { decision: Decision; next?: State };

/**
 * Reads, decides and writes as if in one step. When somebody else wrote in between, nothing is written and the decision
 * is made again on what they left. Each lost race means that another one was won, so this comes to an end.
 */
export async function compareAndSet<State>(
  store: Store,
  key: string,
  ttlMs: number,
  decide: (known: State | null) => Step<State>,
): Promise<Decision> {
  for (;;) {
    const { version, value } = await store.get(key);
    const { decision, next } = decide(value as State | null);
    if (next === undefined || (await store.update(key, version, next, ttlMs))) return decision;
  }
}

export function allowed(remaining: number): Decision {
  return { allowed: true, remaining, retryAfterMs: 0 };
}

export function refused(retryAfterMs: number, remaining = 0): Decision {
  return { allowed: false, remaining, retryAfterMs: Math.max(1, Math.ceil(retryAfterMs)) };
}
