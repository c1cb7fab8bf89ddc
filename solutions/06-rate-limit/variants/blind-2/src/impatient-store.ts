import type { Entry, Store } from './store.ts';

/** The store did not answer in time, or said no. */
export class StoreDown extends Error {
  override readonly name = 'StoreDown';
}

/** A store that gives up: whatever goes wrong with the one inside, or takes too long, is a `StoreDown`. */
export class ImpatientStore implements Store {
  readonly #store: Store;
  readonly #clock: { sleep(ms: number): Promise<void> };
  readonly #timeoutMs: number;

  constructor(store: Store, clock: { sleep(ms: number): Promise<void> }, timeoutMs: number) {
    this.#store = store;
    this.#clock = clock;
    this.#timeoutMs = timeoutMs;
  }

  incr(key: string, ttlMs: number): Promise<number> {
    return this.#wait(() => this.#store.incr(key, ttlMs));
  }

  get(key: string): Promise<Entry> {
    return this.#wait(() => this.#store.get(key));
  }

  update(key: string, version: number, value: unknown, ttlMs: number): Promise<boolean> {
    return this.#wait(() => this.#store.update(key, version, value, ttlMs));
  }

  async #wait<T>(call: () => Promise<T>): Promise<T> {
    const late = async (): Promise<never> => {
      await this.#clock.sleep(this.#timeoutMs);
      throw new StoreDown(`no answer from the store in ${this.#timeoutMs} ms`);
    };
    try {
      return await Promise.race([call(), late()]);
    } catch (error) {
      if (error instanceof StoreDown) throw error;
      throw new StoreDown('the store failed', { cause: error });
    }
  }
}
