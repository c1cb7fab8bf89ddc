import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import { within, type Clock } from './clock.ts';
import { parseRecord } from './entry.ts';

/** What is sent with status 200. Only such answers are kept. */
export type Answer = { type: string; body: Buffer };

/** A request as the cache sees it. */
export type Question = {
  /** Equal for two requests exactly when they may share an answer. */
  name: string;
  /** What the answer was made from. `forget` takes these. */
  tags: string[];
  /** Whether the answer may be kept (a HEAD may only be served from what is there). */
  keep: boolean;
};

export type ResponseCache = {
  /** The kept answer, else the one that `produce` brings, which is then kept. Null, and errors, are not kept. */
  answer(question: Question, produce: () => Promise<Answer | null>): Promise<Answer | null>;
  /** Forgets, in every instance, all answers that carry one of these tags. */
  forget(tags: string[]): Promise<void>;
};

export type ResponseCacheOptions = { redis: Redis; clock: Clock; ttlMs: number; timeoutMs: number };

/** What Redis has for a question: the version of each tag, and the answer if there is one made from these versions. */
type Lookup = { versions: (string | null)[]; answer: Answer | null };

const format = 'shop-answer-1';

/** While so many commands have no reply, Redis is left alone: a Redis that hangs must not fill the memory. */
const mostWaiting = 5000;

/**
 * Keeps answers in Redis. Each tag has a version there, a random text. An answer is kept together with the versions that
 * were read *before* its source was asked, and is served only while they are the current ones. To forget a tag is to give
 * it a new version: no list of keys is needed, and a slow reader cannot bring back what a write has just made old.
 */
export function createResponseCache({ redis, clock, ttlMs, timeoutMs }: ResponseCacheOptions): ResponseCache {
  const answerMs = Math.max(1, Math.round(ttlMs));
  // A version lives longer than every answer that was made with the one before it, and ends as well.
  const versionMs = answerMs * 20;
  let waiting = 0;

  async function ask<T>(command: () => Promise<T>): Promise<T> {
    if (waiting >= mostWaiting) throw new Error('Redis does not reply.');
    waiting += 1;
    try {
      return await command();
    } finally {
      waiting -= 1;
    }
  }

  async function lookUp({ name, tags }: Question): Promise<Lookup> {
    if (redis.status === 'reconnecting') throw new Error('Redis is down.');
    const reply: unknown = await ask(() => redis.mget(answerKey(name), ...tags.map(versionKey)));
    if (!Array.isArray(reply) || reply.length !== tags.length + 1)
      throw new Error('That is no reply to MGET.');
    const [text, ...versions] = reply as unknown[];
    if (!versions.every(isVersion)) throw new Error('That is no reply to MGET.');
    return { versions, answer: parseAnswer(text, name, versions, clock.now()) };
  }

  async function keep(
    { name }: Question,
    versions: Lookup['versions'],
    { type, body }: Answer,
  ): Promise<void> {
    const until = clock.now() + answerMs;
    const text = JSON.stringify({ format, name, versions, until, type, body: body.toString('base64') });
    await ask(() => redis.set(answerKey(name), text, 'PX', answerMs));
  }

  return {
    async answer(question, produce) {
      let known: Lookup | null = null;
      const lookup = lookUp(question).then((found) => (known = found));
      const found = await within(clock, timeoutMs, () => lookup);
      if (found.ok && found.value.answer !== null) return found.value.answer;
      const answer = await produce();
      // Without the versions of before nobody could tell later whether the answer is still good, so it is not kept.
      const versions = versionsOf(known);
      if (answer !== null && question.keep && versions !== null) {
        keep(question, versions, answer).catch(() => {}); // not kept; the client has its answer all the same
      }
      return answer;
    },

    async forget(tags) {
      await within(clock, timeoutMs, () =>
        Promise.all(tags.map((tag) => ask(() => redis.set(versionKey(tag), randomUUID(), 'PX', versionMs)))),
      );
    },
  };
}

function answerKey(name: string): string {
  return `shop:answer:${name}`;
}

function versionKey(tag: string): string {
  return `shop:version:${tag}`;
}

function isVersion(value: unknown): value is string | null {
  return typeof value === 'string' || value === null;
}

/** A reply that came after the wait was over counts too, when it is there by now. */
function versionsOf(known: Lookup | null): Lookup['versions'] | null {
  return known === null ? null : known.versions;
}

/** Reads what Redis has under the name of an answer. Null for whatever may not be served, or was never written here. */
function parseAnswer(text: unknown, name: string, versions: unknown[], now: number): Answer | null {
  const found = parseRecord(text);
  if (found === null || found['format'] !== format || found['name'] !== name) return null;
  const { until, type, body } = found;
  if (typeof until !== 'number' || typeof type !== 'string' || typeof body !== 'string') return null;
  if (until <= now || JSON.stringify(found['versions']) !== JSON.stringify(versions)) return null;
  return { type, body: Buffer.from(body, 'base64') };
}
