import type { Entry, Store } from './store.ts';

/** The store did not do what it was asked. */
export class StoreDown extends Error {}

/** Any store, with a limit to the patience of those who ask it. */
export class ImpatientStore implements Store {
  readonly #store: Store;
  readonly #sleep: (ms: number) => Promise<void>;
  readonly #timeoutMs: number;

  constructor(store: Store, sleep: (ms: number) => Promise<void>, timeoutMs: number) {
    this.#store = store;
    this.#sleep = sleep;
    this.#timeoutMs = timeoutMs;
  }

  incr(key: string, ttlMs: number): Promise<number> {
    return this.#ask(() => this.#store.incr(key, ttlMs));
  }

  get(key: string): Promise<Entry> {
    return this.#ask(() => this.#store.get(key));
  }

  update(key: string, version: number, value: unknown, ttlMs: number): Promise<boolean> {
    return this.#ask(() => this.#store.update(key, version, value, ttlMs));
  }

  async #ask<Answer>(question: () => Promise<Answer>): Promise<Answer> {
    const timeout = this.#sleep(this.#timeoutMs).then((): never => {
      throw new StoreDown('no answer');
    });
    timeout.catch(() => undefined);
    try {
      return await Promise.race([question(), timeout]);
    } catch (error) {
      throw error instanceof StoreDown ? error : new StoreDown('an error', { cause: error });
    }
  }
}
