// canary 81f4c20e9ab7d35516e0c7f2
import { clock, eventually, played, PlayedFailure, same, show, Unmet } from '#suite';
import type { Made, Played, Trial } from '#suite';

export const TTL = 300_000;
export const MISS_TTL = 20_000;
export const TIMEOUT = 60_000;

/** A store as the contract describes it, played by the suite: it keeps texts for their time, and can be made to fail. */
export class Store {
  readonly gets: Played;
  readonly sets: Played;
  readonly deletes: Played;
  private readonly t: Trial;
  private readonly entries = new Map<string, { text: string; until: number }>();
  private now = 0;

  constructor(t: Trial) {
    this.t = t;
    this.gets = t.play('store.get');
    this.sets = t.play('store.set');
    this.deletes = t.play('store.delete');
    this.works();
  }

  works(): void {
    this.gets.answers(([key]) => this.textOf(String(key)));
    this.sets.answers(([key, text, ttlMs]) => {
      if (
        typeof key !== 'string' ||
        typeof text !== 'string' ||
        !Number.isInteger(ttlMs) ||
        Number(ttlMs) <= 0
      )
        return new PlayedFailure('store.set takes a key, a text and a whole number of milliseconds');
      this.entries.set(key, { text, until: this.now + Number(ttlMs) });
      return 'OK';
    });
    this.deletes.answers(([key]) => {
      this.entries.delete(String(key));
      return 1;
    });
  }

  /** The next call of get has read this key already, and its answer is on the way until `gets.release`; later ones wait behind it. */
  slow(key: string): void {
    const { text } = this.entries.get(key) ?? { text: null };
    let first = true;
    this.gets
      .answers(([asked]) => {
        if (!first) return this.textOf(String(asked));
        first = false;
        return text;
      })
      .hold();
  }

  private textOf(key: string): string | null {
    const entry = this.entries.get(key);
    return entry !== undefined && entry.until > this.now ? entry.text : null;
  }

  /** Every text in it becomes this one. */
  spoil(text: string): void {
    for (const entry of this.entries.values()) entry.text = text;
  }

  /** Time passes, for the program and for the store. */
  async pass(ms: number): Promise<void> {
    this.now += ms;
    await this.t.clock.advance(ms);
  }
}

/** A source, played by the suite: what `load` finds, and what `save` has changed. */
export class Source {
  readonly loads: Played;
  readonly saves: Played;
  readonly values = new Map<string, unknown>();

  constructor(t: Trial) {
    this.loads = t.play('load');
    this.saves = t.play('save');
    this.works();
  }

  /** The next call of load has read this already, and its answer is on the way until `release`; later ones wait behind it. */
  slow(old: unknown): void {
    let first = true;
    this.loads
      .answers(([key]) => {
        if (!first) return this.values.get(String(key)) ?? null;
        first = false;
        return old;
      })
      .hold();
  }

  works(): void {
    this.loads.answers(([key]) => this.values.get(String(key)) ?? null);
    this.saves.answers(([key, value]) => {
      this.values.set(String(key), value);
      return null;
    });
  }
}

export type Stage = { t: Trial; store: Store; source: Source; cache: Made };

/** A cache before a played store and a played source. */
export async function openCache(t: Trial, more: Record<string, unknown> = {}): Promise<Stage> {
  const store = new Store(t);
  const source = new Source(t);
  return { t, store, source, cache: await another(t, more) };
}

/** One more cache on the same store and source, as another process has it. */
export async function another(t: Trial, more: Record<string, unknown> = {}): Promise<Made> {
  const store = { get: played('store.get'), set: played('store.set'), delete: played('store.delete') };
  const options = {
    store,
    load: played('load'),
    save: played('save'),
    clock: clock(),
    ttlMs: TTL,
    missTtlMs: MISS_TTL,
    timeoutMs: TIMEOUT,
    ...more,
  };
  return await t.make('createCache', [options]);
}

/** A read that brings this value. `loads`: how many calls of load it takes. */
export async function mustGet(
  { source }: Stage,
  cache: Made,
  key: string,
  value: unknown,
  loads?: number,
): Promise<void> {
  const before = source.loads.calls.length;
  const outcome = await cache.call('get', [key]);
  const sent = cache.sent('get', [key]);
  if (!('value' in outcome) || !same(outcome.value, value))
    throw new Unmet({ expected: show(value), got: outcomeText(outcome), sent });
  const made = source.loads.calls.length - before;
  if (loads !== undefined && made !== loads)
    throw new Unmet({ expected: `${calls(loads, 'load')} for it`, got: calls(made, 'load'), sent });
}

export async function mustWork(cache: Made, method: string, args: readonly unknown[]): Promise<void> {
  const outcome = await cache.call(method, args);
  if ('value' in outcome) return;
  throw new Unmet({ expected: 'no error', got: outcomeText(outcome), sent: cache.sent(method, args) });
}

export function outcomeText(outcome: Awaited<ReturnType<Made['call']>>): string {
  return 'value' in outcome ? show(outcome.value) : `it threw ${outcome.threw.message}`;
}

export function calls(count: number, name: string): string {
  if (count === 0) return `no call of ${name}`;
  return count === 1 ? `one call of ${name}` : `${count} calls of ${name}`;
}

/** Work that goes on while the rule does something else. A rule that ends before it does not fail a second time by it. */
export function begun<T>(work: Promise<T>): Promise<T> {
  work.catch(() => {});
  return work;
}

/** Ends the rule unless it holds. */
export function must(holds: boolean, expected: string, got: string, sent: string | null = null): void {
  if (!holds) throw new Unmet({ expected, got, sent });
}

/** What a call brings when the clock moves on by `ms`, once. It has to come then: nothing else is left to wait for. */
export async function after<T>(t: Trial, ms: number, work: Promise<T>, what: string): Promise<T> {
  let done = false;
  const watched = work.finally(() => (done = true));
  watched.catch(() => {});
  // What comes by itself needs no clock.
  await t.settle();
  if (!done) await t.quiet();
  if (!done) await t.clock.advance(ms);
  const came = await eventually(async () => {
    await t.settle();
    return done;
  }, t.patience / 4);
  if (came) return await watched;
  throw new Unmet({
    expected: what,
    got: 'nothing came',
    cause: 'wrong',
    note: 'The program may wait, but not on the clock it was given (setTimeout does not move with it).',
  });
}

export function anyValue(t: Trial): Record<string, unknown> {
  return { name: t.random.word(), price: t.random.integer(10_000, 99_999), tags: [t.random.word()] };
}
