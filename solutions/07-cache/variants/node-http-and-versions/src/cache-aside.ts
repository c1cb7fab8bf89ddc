import { MemoryStore } from './memory-store.ts';
import { TimeLimit, type Clock } from './time-limit.ts';

export type Store = {
  get(key: string): Promise<string | null>;
  set(key: string, text: string, ttlMs: number): Promise<unknown>;
  delete(key: string): Promise<unknown>;
};
export type CacheOptions = {
  store: Store;
  load: (key: string) => Promise<unknown>;
  save?: (key: string, value: unknown) => Promise<unknown>;
  clock: Clock;
  ttlMs: number;
  missTtlMs: number;
  timeoutMs: number;
  jitter?: number;
  near?: { maxEntries: number; ttlMs: number; publish(text: string): Promise<unknown> };
};

/** What stands in the store: whose it is, what it is, and when its time is over. */
class Entry {
  readonly key: string;
  readonly value: unknown;
  readonly end: number;

  constructor(key: string, value: unknown, end: number) {
    this.key = key;
    this.value = value;
    this.end = end;
  }

  toText(): string {
    return JSON.stringify({ entryOf: this.key, end: this.end, value: this.value });
  }

  /** Null for every text that no entry of this key has written. */
  static fromText(text: unknown, key: string): Entry | null {
    if (typeof text !== 'string') return null;
    try {
      const found: unknown = JSON.parse(text);
      if (typeof found !== 'object' || found === null) return null;
      const { entryOf, end, value } = found as Record<string, unknown>;
      if (entryOf !== key || typeof end !== 'number' || value === undefined) return null;
      return new Entry(key, value, end);
    } catch {
      return null;
    }
  }
}

/** Something that may put an entry into the store or the memory, as long as no change has overtaken it. */
class Attempt {
  overtaken = false;
  answer: Promise<unknown> | null = null;
}

export class CacheAside {
  readonly #options: CacheOptions;
  readonly #limit: TimeLimit;
  readonly #memory: MemoryStore | null;
  readonly #attempts = new Map<string, Set<Attempt>>();
  /** Keys that could not be deleted: until their entries have died out, the store is not believed. */
  readonly #doubtful = new Map<string, number>();

  constructor(options: CacheOptions) {
    this.#options = options;
    this.#limit = new TimeLimit(options.clock, options.timeoutMs);
    this.#memory = options.near ? new MemoryStore(options.near.maxEntries, options.clock) : null;
  }

  async get(key: string): Promise<unknown> {
    const near = Entry.fromText(this.#memory?.get(key), key);
    if (near !== null) return near.value;
    for (const attempt of this.#attempts.get(key) ?? []) {
      if (!attempt.overtaken && attempt.answer !== null) return await attempt.answer;
    }
    return await this.#attempt(key, (attempt) => (attempt.answer = this.#read(key, attempt)));
  }

  async set(key: string, value: unknown): Promise<void> {
    await this.#options.save?.(key, value);
    this.#overtake(key);
    const written = await this.#attempt(key, (attempt) => this.#write(this.#entry(key, value), attempt));
    if (!written) await this.#erase(key);
    await this.#tellTheOthers(key);
  }

  async invalidate(key: string): Promise<void> {
    this.#overtake(key);
    await this.#erase(key);
    await this.#tellTheOthers(key);
  }

  receive(text: string): void {
    try {
      const message: unknown = JSON.parse(text);
      if (typeof message !== 'object' || message === null || !('changed' in message)) return;
      if (typeof message.changed === 'string') this.#overtake(message.changed);
    } catch {
      // somebody else's text
    }
  }

  async #read(key: string, attempt: Attempt): Promise<unknown> {
    const { clock, load } = this.#options;
    if ((this.#doubtful.get(key) ?? 0) <= clock.now()) {
      this.#doubtful.delete(key);
      const text = await this.#limit.of(() => this.#options.store.get(key), null);
      const stored = Entry.fromText(text, key);
      if (stored !== null && stored.end > clock.now()) {
        this.#remember(stored, attempt);
        return stored.value;
      }
    }
    const entry = this.#entry(key, (await load(key)) ?? null);
    await this.#write(entry, attempt);
    this.#remember(entry, attempt);
    return entry.value;
  }

  #entry(key: string, value: unknown): Entry {
    const { clock, ttlMs, missTtlMs, jitter = 0 } = this.#options;
    const spread = 1 + jitter * (Math.random() * 2 - 1);
    return new Entry(key, value, clock.now() + (value === null ? missTtlMs : Math.round(ttlMs * spread)));
  }

  /** True when the entry stands in the store. A write that was overtaken on its way is taken back, even if it is late. */
  async #write(entry: Entry, attempt: Attempt): Promise<boolean> {
    if (attempt.overtaken) return false;
    const { clock, store } = this.#options;
    return await this.#limit.of(async () => {
      await store.set(entry.key, entry.toText(), Math.max(1, entry.end - clock.now()));
      if (attempt.overtaken) await store.delete(entry.key);
      else this.#doubtful.delete(entry.key);
      return !attempt.overtaken;
    }, false);
  }

  async #erase(key: string): Promise<void> {
    const { clock, store, ttlMs, jitter = 0 } = this.#options;
    const erased = await this.#limit.of(async () => {
      await store.delete(key);
      return true;
    }, false);
    if (!erased) this.#doubtful.set(key, clock.now() + ttlMs * (1 + jitter));
  }

  #remember(entry: Entry, attempt: Attempt): void {
    const { clock, near } = this.#options;
    if (near === undefined || attempt.overtaken) return;
    this.#memory?.set(entry.key, entry.toText(), Math.min(near.ttlMs, entry.end - clock.now()));
  }

  async #attempt<T>(key: string, action: (attempt: Attempt) => Promise<T>): Promise<T> {
    const attempt = new Attempt();
    const all = this.#attempts.get(key) ?? new Set();
    this.#attempts.set(key, all.add(attempt));
    try {
      return await action(attempt);
    } finally {
      all.delete(attempt);
      if (all.size === 0 && this.#attempts.get(key) === all) this.#attempts.delete(key);
    }
  }

  #overtake(key: string): void {
    for (const attempt of this.#attempts.get(key) ?? []) attempt.overtaken = true;
    this.#attempts.delete(key);
    this.#memory?.delete(key);
  }

  async #tellTheOthers(key: string): Promise<void> {
    this.#overtake(key); // readings that began before the store had changed
    const { near } = this.#options;
    if (near) await this.#limit.of(() => near.publish(JSON.stringify({ changed: key })), null);
  }
}
