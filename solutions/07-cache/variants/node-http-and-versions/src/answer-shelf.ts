import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { TimeLimit, type Clock } from './time-limit.ts';

export type Answer = { status: number; type: string; body: Buffer };

/**
 * Answers in Redis. Each is kept with the versions of its tags; `outdate` gives tags a new version, and with it all
 * answers under them are worth nothing. Nothing has to be searched for or deleted: everything runs out.
 */
export class AnswerShelf {
  readonly #redis: Redis;
  readonly #limit: TimeLimit;
  readonly #clock: Clock;
  readonly #ttlMs: number;

  constructor(address: string, clock: Clock, ttlMs: number, timeoutMs: number) {
    this.#redis = new Redis(address, { maxRetriesPerRequest: 2, retryStrategy: () => 100 });
    this.#redis.on('error', () => {}); // a Redis that is down is not an event of ours
    this.#limit = new TimeLimit(clock, timeoutMs);
    this.#clock = clock;
    this.#ttlMs = ttlMs;
  }

  /** The answer under this name, or a new one from `make`, which is kept when it is a 200. */
  async answer(name: string, tags: string[], make: () => Promise<Answer>): Promise<Answer> {
    const found: unknown = await this.#limit.of(
      () => this.#redis.mget([`answer ${name}`, ...tags.map((tag) => `version ${tag}`)]),
      null,
    );
    if (!Array.isArray(found) || found.length !== tags.length + 1) return await make();
    const versions = found.slice(1).map((version) => (typeof version === 'string' ? version : ''));
    const kept = this.#unpack(found[0], versions);
    if (kept !== null) return kept;
    const fresh = await make();
    if (fresh.status === 200) {
      const text = this.#pack(fresh, versions);
      await this.#limit.of(() => this.#redis.set(`answer ${name}`, text, 'PX', this.#ttlMs), null);
    }
    return fresh;
  }

  /** Every answer under one of the tags is old from now on. A version outlives the answers that do not know it. */
  async outdate(tags: string[]): Promise<void> {
    const change = this.#redis.multi();
    for (const tag of tags) change.set(`version ${tag}`, randomUUID(), 'PX', this.#ttlMs * 3);
    await this.#limit.of(() => change.exec(), null);
  }

  close(): void {
    this.#redis.disconnect();
  }

  #pack({ status, type, body }: Answer, versions: string[]): string {
    const end = this.#clock.now() + this.#ttlMs;
    return JSON.stringify({ status, type, body: body.toString('base64'), versions, end });
  }

  #unpack(text: unknown, versions: string[]): Answer | null {
    if (typeof text !== 'string') return null;
    try {
      const kept: unknown = JSON.parse(text);
      if (typeof kept !== 'object' || kept === null) return null;
      const found = kept as Record<string, unknown>;
      if (found.status !== 200 || typeof found.type !== 'string' || typeof found.body !== 'string')
        return null;
      if (JSON.stringify(found.versions) !== JSON.stringify(versions)) return null;
      if (typeof found.end !== 'number' || found.end <= this.#clock.now()) return null;
      return { status: 200, type: found.type, body: Buffer.from(found.body, 'base64') };
    } catch {
      return null;
    }
  }
}
