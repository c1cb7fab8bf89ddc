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
  /** When refused: milliseconds until the same take is allowed, if nobody else takes anything. */
  retryAfterMs: number;
};

/** Something that can be asked for a place. */
export interface Limiter {
  take(key: string, cost?: number): Promise<Decision>;
}

/** Windows lie at multiples of `windowMs` since 1970. Each is one counter, so a take is one call of the store. */
export class FixedWindow implements Limiter {
  readonly #options: WindowOptions;

  constructor(options: WindowOptions) {
    this.#options = options;
  }

  /** Milliseconds until the next window begins: above 0, at most `windowMs`. */
  untilNextWindow(now: number): number {
    const { windowMs } = this.#options;
    return (Math.floor(now / windowMs) + 1) * windowMs - now;
  }

  async take(key: string): Promise<Decision> {
    const { store, clock, limit, windowMs } = this.#options;
    const now = clock.now();
    // A window longer than needed, so that a clock which goes back a little finds its old count.
    const taken = await store.incr(`fixed:${Math.floor(now / windowMs)}:${key}`, 2 * windowMs);
    const allowed = taken <= limit;
    return {
      allowed,
      remaining: Math.max(0, limit - taken),
      retryAfterMs: allowed ? 0 : this.untilNextWindow(now),
    };
  }
}

/** What a take makes of the state of its key. No `next`: nothing is written, so a refused take costs nothing. */
type Step<State> = { decision: Decision; next?: State };

/** A round is lost only when another take of the same key was written meanwhile. So many are a store that lies. */
const maxRounds = 10_000;

/** A limiter with a state for each key. It reads, thinks and writes; when somebody was faster, it begins again. */
abstract class StateLimiter<State> implements Limiter {
  protected readonly store: Store;
  readonly #clock: { now(): number };
  readonly #prefix: string;
  /** How long a state is worth keeping: after this time without a write the key is as good as new. */
  protected readonly ttlMs: number;

  constructor({ store, clock }: Surroundings, prefix: string, ttlMs: number) {
    this.store = store;
    this.#clock = clock;
    this.#prefix = prefix;
    this.ttlMs = ttlMs;
  }

  protected abstract fresh(now: number): State;
  protected abstract step(state: State, now: number, cost: number): Step<State>;

  async take(key: string, cost = 1): Promise<Decision> {
    return this.#change(key, (state, now) => this.step(state, now, cost));
  }

  /** Gives a key its whole budget back. */
  async forget(key: string): Promise<void> {
    await this.#change(key, (state, now) => ({
      next: this.fresh(now),
      decision: { allowed: true, remaining: 0, retryAfterMs: 0 },
    }));
  }

  async #change(key: string, step: (state: State, now: number) => Step<State>): Promise<Decision> {
    for (let round = 0; round < maxRounds; round++) {
      const { version, value } = await this.store.get(this.#prefix + key);
      const now = this.#clock.now();
      const { decision, next } = step((value as State | null) ?? this.fresh(now), now);
      if (next === undefined) return decision;
      if (await this.store.update(this.#prefix + key, version, next, this.ttlMs)) return decision;
    }
    throw new Error(`The store let nobody write ${maxRounds} times in a row`);
  }
}

/** A number of a slot and how many takes it has. Slots without takes are left out; the newest is the last. */
type Slots = [slot: number, taken: number][];

const slotsInWindow = 60;

/** Small windows in a row. A slot counts until all of it is older than a window, so never too little is counted. */
export class SlidingWindow extends StateLimiter<Slots> {
  readonly #limit: number;
  readonly #windowMs: number;

  constructor(options: WindowOptions) {
    super(options, 'sliding:', 2 * options.windowMs);
    this.#limit = options.limit;
    this.#windowMs = options.windowMs;
  }

  protected override fresh(): Slots {
    return [];
  }

  protected override step(slots: Slots, now: number): Step<Slots> {
    // A clock that is behind takes in the newest slot that anybody has seen.
    const current = Math.max(Math.floor((now * slotsInWindow) / this.#windowMs), slots.at(-1)?.[0] ?? 0);
    const counted = slots.filter(([slot]) => slot + slotsInWindow >= current);
    const taken = counted.reduce((sum, [, takes]) => sum + takes, 0);
    if (taken >= this.#limit) {
      const oldest = counted[0]?.[0] ?? current;
      const free = Math.ceil(((oldest + slotsInWindow + 1) * this.#windowMs) / slotsInWindow);
      // Refused takes write nothing, so the entry is gone after its time at the latest, whatever the clocks say.
      const retryAfterMs = Math.min(Math.max(1, free - now), this.ttlMs);
      return { decision: { allowed: false, remaining: 0, retryAfterMs } };
    }
    const newest = counted.at(-1);
    const next: Slots =
      newest?.[0] === current
        ? [...counted.slice(0, -1), [current, newest[1] + 1]]
        : [...counted, [current, 1]];
    return { decision: { allowed: true, remaining: this.#limit - taken - 1, retryAfterMs: 0 }, next };
  }
}

/** How many tokens there were at which time. */
type Bucket = { tokens: number; at: number };

/** Less than this is an error of floating point numbers, not a missing token. */
const tiny = 1e-6;

/** Tokens are not refilled by anybody: how many there are follows from the time since the last take. */
export class TokenBucket extends StateLimiter<Bucket> {
  readonly #capacity: number;
  readonly #perMs: number;

  constructor(options: BucketOptions) {
    const perMs = options.refillPerSecond / 1000;
    super(options, 'bucket:', (2 * options.capacity) / perMs);
    this.#capacity = options.capacity;
    this.#perMs = perMs;
  }

  override async take(key: string, cost = 1): Promise<Decision> {
    if (!Number.isInteger(cost) || cost < 1 || cost > this.#capacity) {
      throw new RangeError(`cost has to be a whole number from 1 to ${this.#capacity}, not ${cost}`);
    }
    return super.take(key, cost);
  }

  protected override fresh(now: number): Bucket {
    return { tokens: this.#capacity, at: now };
  }

  protected override step(bucket: Bucket, now: number, cost: number): Step<Bucket> {
    // Time never goes back here. Else a clock that is behind would let one that is ahead refill the same span twice.
    const at = Math.max(bucket.at, now);
    const tokens = Math.min(this.#capacity, bucket.tokens + (at - bucket.at) * this.#perMs);
    if (tokens + tiny < cost) {
      const retryAfterMs = Math.min(at - now + Math.ceil((cost - tokens) / this.#perMs), this.ttlMs);
      return { decision: { allowed: false, remaining: Math.floor(tokens + tiny), retryAfterMs } };
    }
    const left = Math.max(0, tokens - cost);
    return {
      decision: { allowed: true, remaining: Math.floor(left + tiny), retryAfterMs: 0 },
      next: { tokens: left, at },
    };
  }
}

/** At most `limit` takes in each window. The budget comes back all at once. */
export async function fixedWindow(options: WindowOptions, key: string): Promise<Decision> {
  return new FixedWindow(options).take(key);
}

/** At most `limit` takes in any span of `windowMs`, or a good approximation. The budget comes back bit by bit. */
export async function slidingWindow(options: WindowOptions, key: string): Promise<Decision> {
  return new SlidingWindow(options).take(key);
}

/** Every take costs tokens, and tokens come back all the time. */
export async function tokenBucket(options: BucketOptions, key: string, cost = 1): Promise<Decision> {
  return new TokenBucket(options).take(key, cost);
}
