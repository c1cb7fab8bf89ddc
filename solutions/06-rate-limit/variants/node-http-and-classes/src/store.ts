/** What a store keeps under a key. Version 0 means: there is nothing under this key. */
export type Entry = { version: number; value: unknown };

export interface Store {
  incr(key: string, ttlMs: number): Promise<number>;
  get(key: string): Promise<Entry>;
  update(key: string, version: number, value: unknown, ttlMs: number): Promise<boolean>;
}

export interface Clock {
  now(): number;
}

class Kept implements Entry {
  readonly version: number;
  readonly value: unknown;
  readonly expires: number;

  constructor(version: number, value: unknown, expires: number) {
    this.version = version;
    this.value = value;
    this.expires = expires;
  }
}

/** A store in memory that forgets what was not written for the longest time when it is full. */
export class MemoryStore implements Store {
  readonly #clock: Clock;
  readonly #maxKeys: number;
  readonly #entries = new Map<string, Kept>();
  #lastVersion = 0;

  constructor(clock: Clock, maxKeys: number) {
    this.#clock = clock;
    this.#maxKeys = maxKeys;
  }

  incr(key: string, ttlMs: number): Promise<number> {
    const old = this.#find(key);
    const value = old === undefined ? 1 : Number(old.value) + 1;
    this.#write(key, value, old?.expires ?? this.#clock.now() + ttlMs);
    return Promise.resolve(value);
  }

  get(key: string): Promise<Entry> {
    return Promise.resolve(this.#find(key) ?? { version: 0, value: null });
  }

  update(key: string, version: number, value: unknown, ttlMs: number): Promise<boolean> {
    if ((this.#find(key)?.version ?? 0) !== version) return Promise.resolve(false);
    this.#write(key, value, this.#clock.now() + ttlMs);
    return Promise.resolve(true);
  }

  #find(key: string): Kept | undefined {
    const kept = this.#entries.get(key);
    if (kept === undefined || kept.expires > this.#clock.now()) return kept;
    this.#entries.delete(key);
    return undefined;
  }

  #write(key: string, value: unknown, expires: number): void {
    this.#entries.delete(key);
    const oldest = this.#entries.keys().next();
    if (!oldest.done && this.#entries.size >= this.#maxKeys) this.#entries.delete(oldest.value);
    this.#entries.set(key, new Kept(++this.#lastVersion, value, expires));
  }
}
