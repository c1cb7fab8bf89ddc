// canary 8a3408a740ede2523a4300a4
import { clock, show, Unmet } from '#suite';
import type { CallOutcome, Trial } from '#suite';
import { SharedStore } from './store.ts';

export type Name = 'fixedWindow' | 'slidingWindow' | 'tokenBucket';
export type Decision = { allowed: boolean; remaining: number; retryAfterMs: number };

/** A limiter as a rule meets it. `budget`: what is free at first. `spanMs`: a window, or the time in which a bucket fills. */
export type Limiter = {
  name: Name;
  options: Record<string, number>;
  budget: number;
  spanMs: number;
};

/** The limiters on one store and one clock. */
export class Bench {
  readonly store: SharedStore;
  private readonly t: Trial;
  private time: number;

  constructor(t: Trial) {
    this.t = t;
    this.time = t.now;
    this.store = new SharedStore(t);
  }

  window(name: 'fixedWindow' | 'slidingWindow', limit = this.t.random.integer(4, 6)): Limiter {
    const windowMs = this.t.random.pick([10_000, 20_000, 60_000]);
    return { name, options: { limit, windowMs }, budget: limit, spanMs: windowMs };
  }

  bucket(capacity = this.t.random.integer(4, 6), refillPerSecond = this.t.random.pick([1, 2, 5])): Limiter {
    const spanMs = (capacity / refillPerSecond) * 1000;
    return { name: 'tokenBucket', options: { capacity, refillPerSecond }, budget: capacity, spanMs };
  }

  /** One of each, with this budget. */
  each(budget: number): Limiter[] {
    return [
      this.window('fixedWindow', budget),
      this.window('slidingWindow', budget),
      this.bucket(budget, this.t.random.pick([1, 2])),
    ];
  }

  key(): string {
    return this.t.random.word();
  }

  /** Moves the clock of the first host, and what the store knows of the time, by whole milliseconds. */
  async pass(ms: number): Promise<void> {
    const whole = Math.round(ms);
    this.time += whole;
    this.store.pass(whole);
    await this.t.clock.advance(whole);
  }

  /** Turns the clock of the first host, and no other: time stays where it is. */
  async turnClock(ms: number): Promise<void> {
    await this.t.clock.advance(ms);
  }

  /**
   * Moves on until 5 ms into a window, where windows are multiples of their length. A window that begins with the first
   * take and one that is cut from 1970 on then lie in the same place.
   */
  async toWindowStart({ spanMs }: Limiter): Promise<void> {
    await this.pass(spanMs - (this.time % spanMs) + 5);
  }

  call({ name, options }: Limiter, key: string, ...cost: number[]): [name: Name, args: unknown[]] {
    return [name, [{ store: this.store.dependency, clock: clock(), ...options }, key, ...cost]];
  }

  async take(limiter: Limiter, key: string, ...cost: number[]): Promise<Decision> {
    return this.decision(limiter, await this.t.call(...this.call(limiter, key, ...cost)), key);
  }

  /** The same in another process. */
  async takeOn(host: number, limiter: Limiter, key: string): Promise<Decision> {
    return this.decision(limiter, await this.t.call(...this.call(limiter, key), { host }), key);
  }

  /** So many takes, one after the other; how many were allowed. */
  async takes(limiter: Limiter, key: string, count: number): Promise<number> {
    let allowed = 0;
    for (let i = 0; i < count; i++) if ((await this.take(limiter, key)).allowed) allowed++;
    return allowed;
  }

  /** Exactly so many takes are allowed now, each says how many are left, and the next one is refused. */
  async mustAllow(limiter: Limiter, key: string, count: number): Promise<void> {
    for (let i = 1; i <= count; i++) {
      const decision = await this.take(limiter, key);
      this.must(decision.allowed, limiter, key, `take ${i} of ${count} is allowed`, decision);
      const left = count - i;
      this.must(
        decision.remaining === left,
        limiter,
        key,
        `remaining ${left} after take ${i} of ${count}`,
        decision,
      );
    }
    await this.mustRefuse(limiter, key, `${count} takes allowed, and the next one refused`);
  }

  async mustRefuse(
    limiter: Limiter,
    key: string,
    expected = 'a take that is refused',
    ...cost: number[]
  ): Promise<Decision> {
    const decision = await this.take(limiter, key, ...cost);
    this.must(!decision.allowed, limiter, key, expected, decision);
    // Where a take of cost 1 is refused, none of cost 1 would be allowed.
    const none = cost.length > 0 || decision.remaining === 0;
    this.must(none, limiter, key, 'remaining 0 when a take is refused', decision);
    return decision;
  }

  async mustTake(limiter: Limiter, key: string, expected: string, ...cost: number[]): Promise<Decision> {
    const decision = await this.take(limiter, key, ...cost);
    this.must(decision.allowed, limiter, key, expected, decision);
    return decision;
  }

  must(holds: boolean, limiter: Limiter, key: string, expected: string, got: unknown): void {
    if (holds) return;
    throw new Unmet({ expected, got: typeof got === 'string' ? got : show(got), sent: sent(limiter, key) });
  }

  decision(limiter: Limiter, outcome: CallOutcome, key: string): Decision {
    if ('threw' in outcome) {
      const { name, message } = outcome.threw;
      this.must(false, limiter, key, 'a decision', `it threw ${name}: ${message}`);
      throw new Error('unreachable');
    }
    const decision = outcome.value as Partial<Decision> | null | undefined;
    const expected =
      '{ allowed, remaining, retryAfterMs }: a boolean, a whole number from 0 on, and milliseconds';
    this.must(isDecision(decision), limiter, key, expected, outcome.value);
    return decision as Decision;
  }
}

function isDecision(value: Partial<Decision> | null | undefined): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { allowed, remaining, retryAfterMs } = value;
  if (typeof allowed !== 'boolean' || !Number.isInteger(remaining) || (remaining as number) < 0) return false;
  return allowed || (Number.isFinite(retryAfterMs) && (retryAfterMs as number) > 0);
}

function sent({ name, options }: Limiter, key: string): string {
  return `${name}({ store, clock, ${Object.entries(options)
    .map(([option, value]) => `${option}: ${value}`)
    .join(', ')} }, '${key}')`;
}
