import type { Store } from './store.ts';

/** What a change of an entry comes to: something to write, or nothing. */
export type Change<Value, Result> = { write?: Value; result: Result };

/** One key of a store, whose value is changed by reading, deciding and writing, again and again until nobody was faster. */
export class Ledger<Value> {
  readonly #store: Store;
  readonly #key: string;
  readonly #ttlMs: number;

  constructor(store: Store, key: string, ttlMs: number) {
    this.#store = store;
    this.#key = key;
    this.#ttlMs = ttlMs;
  }

  async change<Result>(decide: (value: Value | null) => Change<Value, Result>): Promise<Result> {
    for (;;) {
      const { version, value } = await this.#store.get(this.#key);
      const { write, result } = decide(value as Value | null);
      if (write === undefined) return result;
      if (await this.#store.update(this.#key, version, write, this.#ttlMs)) return result;
    }
  }
}
