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

/** At most `limit` takes in each window. The budget comes back all at once. */
export async function fixedWindow(options: WindowOptions, key: string): Promise<Decision> {
  // TODO R1: count in the store.
  // TODO R4: two takes at the same moment must not both get the last place.
  // TODO R5: say how long the entry lives.
  return { allowed: true, remaining: 0, retryAfterMs: 0 };
}

/** At most `limit` takes in any span of `windowMs`, or a good approximation. The budget comes back bit by bit. */
export async function slidingWindow(options: WindowOptions, key: string): Promise<Decision> {
  // TODO R2: no double burst where two windows meet.
  return { allowed: true, remaining: 0, retryAfterMs: 0 };
}

/** Every take costs tokens, and tokens come back all the time. */
export async function tokenBucket(options: BucketOptions, key: string, cost = 1): Promise<Decision> {
  // TODO R3: how many tokens are there now?
  // TODO R12: clocks of two machines differ. R13: a cost of -5 would add tokens.
  return { allowed: true, remaining: 0, retryAfterMs: 0 };
}
