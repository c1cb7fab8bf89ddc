/** What a store keeps under a key. Version 0 means: there is nothing under this key. */
export type Entry = { version: number; value: unknown };

/**
 * Where limiters keep what they remember. Every function does its work in one step: nobody else comes in between.
 * An entry vanishes `ttlMs` milliseconds after it was written.
 */
export type Store = {
  /** Adds 1 and returns the new number. A key that is not there starts at 1, with this time to live; later calls leave it. */
  incr(key: string, ttlMs: number): Promise<number>;
  /** What is under the key now. */
  get(key: string): Promise<Entry>;
  /** Writes `value` if the entry still has this version. Returns false, and writes nothing, if somebody was faster. */
  update(key: string, version: number, value: unknown, ttlMs: number): Promise<boolean>;
};

type Kept = Entry & { expires: number };

/** A store in the memory of this process. When it is full, the entry goes that was not written for longest. */
class MemoryStore implements Store {
  readonly #clock: { now(): number };
  readonly #maxKeys: number;
  /** In the order of the last write. */
  readonly #entries = new Map<string, Kept>();
  #versions = 0;

  constructor(clock: { now(): number }, maxKeys: number) {
    this.#clock = clock;
    this.#maxKeys = maxKeys;
  }

  async incr(key: string, ttlMs: number): Promise<number> {
    const entry = this.#find(key);
    if (entry !== undefined && typeof entry.value !== 'number') throw new TypeError(`${key} is no number`);
    const value = entry === undefined ? 1 : Number(entry.value) + 1;
    this.#write(key, value, entry?.expires ?? this.#clock.now() + ttlMs);
    return value;
  }

  async get(key: string): Promise<Entry> {
    const entry = this.#find(key);
    return { version: entry?.version ?? 0, value: entry?.value ?? null };
  }

  async update(key: string, version: number, value: unknown, ttlMs: number): Promise<boolean> {
    if ((this.#find(key)?.version ?? 0) !== version) return false;
    this.#write(key, value, this.#clock.now() + ttlMs);
    return true;
  }

  #find(key: string): Kept | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined || entry.expires > this.#clock.now()) return entry;
    this.#entries.delete(key);
    return undefined;
  }

  #write(key: string, value: unknown, expires: number): void {
    this.#entries.delete(key);
    this.#entries.set(key, { version: ++this.#versions, value, expires });
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= this.#maxKeys || oldest === key) return;
      this.#entries.delete(oldest);
    }
  }
}

/** A store in the memory of this process, with at most `maxKeys` entries. */
export function memoryStore(clock: { now(): number }, maxKeys = 10_000): Store {
  return new MemoryStore(clock, maxKeys);
}
