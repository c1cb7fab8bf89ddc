import type { Store } from './store.ts';

export type Decision = { allowed: boolean; remaining: number; retryAfterMs: number };
type Given = { store: Store; clock: { now(): number } };
export type WindowOptions = Given & { limit: number; windowMs: number };
export type BucketOptions = Given & { capacity: number; refillPerSecond: number };

const yes = (remaining: number): Decision => ({ allowed: true, remaining, retryAfterMs: 0 });
const no = (remaining: number, ms: number): Decision => ({
  allowed: false,
  remaining,
  retryAfterMs: Math.max(1, Math.ceil(ms)),
});

/** Reads, lets `next` decide, writes what it wants to be written; once more if somebody came in between. */
const decide = async <State>(
  store: Store,
  key: string,
  ttlMs: number,
  next: (state: State | null) => [Decision, State?],
): Promise<Decision> => {
  const { version, value } = await store.get(key);
  const [decision, state] = next(value as State | null);
  if (state === undefined || (await store.update(key, version, state, ttlMs))) return decision;
  return decide(store, key, ttlMs, next);
};

/** The window begins with the first take, and ends when its key vanishes. */
export const fixedWindow = async (
  { store, limit, windowMs }: WindowOptions,
  key: string,
): Promise<Decision> => {
  const count = await store.incr(`window/${key}`, windowMs);
  return count > limit ? no(0, windowMs) : yes(limit - count);
};

const parts = 6;
type Row = { [part: string]: number };

/** Takes are counted in sixths of a window. What counts is this sixth and the six before it. */
export const slidingWindow = (
  { store, clock, limit, windowMs }: WindowOptions,
  key: string,
): Promise<Decision> =>
  decide<Row>(store, `row/${key}`, 2 * windowMs, (old) => {
    const now = clock.now();
    const partMs = windowMs / parts;
    const current = Math.floor(now / partMs);
    const row = Object.entries(old ?? {})
      .map(([part, count]) => ({ part: Number(part), count }))
      .filter(({ part }) => part >= current - parts)
      .sort((one, other) => one.part - other.part);
    const used = row.reduce((sum, { count }) => sum + count, 0);
    if (used >= limit) {
      let left = used;
      const leaving = row.find(({ count }) => (left -= count) < limit);
      const end = ((leaving?.part ?? current) + parts + 1) * partMs;
      return [no(0, Math.min(end - now, 2 * windowMs))];
    }
    const kept: Row = Object.fromEntries(row.map(({ part, count }) => [part, count]));
    return [yes(limit - used - 1), { ...kept, [current]: (kept[current] ?? 0) + 1 }];
  });

export const tokenBucket = async (
  { store, clock, capacity, refillPerSecond }: BucketOptions,
  key: string,
  cost = 1,
): Promise<Decision> => {
  if (!Number.isInteger(cost) || cost < 1 || cost > capacity) throw new RangeError(`cost: ${cost}`);
  const fillMs = (capacity / refillPerSecond) * 1000;
  return decide<{ tokens: number; at: number }>(store, `tokens/${key}`, 2 * fillMs, (old) => {
    const now = clock.now();
    const { tokens, at } = old ?? { tokens: capacity, at: now };
    const passed = Math.max(0, now - at);
    const there = Math.min(capacity, tokens + (passed * refillPerSecond) / 1000);
    const left = there - cost;
    // Sums of fractions can be a hair too small: 0.1 ten times is 0.9999999999999999.
    if (left < -1e-9)
      return [no(Math.floor(there + 1e-9), (-left / refillPerSecond) * 1000 + Math.max(0, at - now))];
    return [yes(Math.floor(left + 1e-9)), { tokens: left, at: Math.max(at, now) }];
  });
};
