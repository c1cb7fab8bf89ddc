import { randomUUID } from 'node:crypto';
import type { Request, RequestHandler, Response } from 'express';
import type { Redis } from 'ioredis';
import type { Clock } from './cache.ts';

export type AnswerCacheOptions = {
  redis: Redis;
  clock: Clock;
  ttlMs: number;
  timeoutMs: number;
  /** Who asks, or null. Answers to somebody are not kept. */
  userOf: (request: Pick<Request, 'get'>) => string | null;
};

export type AnswerCache = {
  /** Answers from Redis, or keeps the 200 that follows. `subject` names what the answer is about. */
  keep<Params = object>(
    subject: (request: Request<Params>) => string,
    header?: string,
  ): RequestHandler<Params>;
  /** From now on no answer about these subjects is served that was begun before. */
  forget(...subjects: string[]): Promise<void>;
};

/** The headers that belong to the bytes of an answer. */
const headers = ['Content-Type', 'Vary'] as const;

/** An answer in Redis. It is good as long as its subject has the same edition as when the answer was begun. */
type Kept = {
  key: string;
  edition: string | null;
  until: number;
  headers: Partial<Record<(typeof headers)[number], string>>;
  /** base64 */
  body: string;
};

/** Keeps answers in Redis, so that every instance of the app has them. Without Redis everything is asked anew. */
export function answerCache({ redis, clock, ttlMs, timeoutMs, userOf }: AnswerCacheOptions): AnswerCache {
  /** Undefined when Redis fails, or is too slow. */
  async function inTime<T>(answer: Promise<T>): Promise<T | undefined> {
    const late = clock.sleep(timeoutMs).then(() => undefined);
    return await Promise.race([answer.catch(() => undefined), late]);
  }

  function keep<Params>(
    subject: (request: Request<Params>) => string,
    header?: string,
  ): RequestHandler<Params> {
    return async (request, response, next) => {
      if (request.method !== 'GET' || userOf(request) !== null) {
        next();
        return;
      }
      const key = keyOf(request, header);
      let edition: string | null | undefined;
      const asked = redis.mget(key, editionOf(subject(request))).then((answer: unknown) => {
        if (!Array.isArray(answer) || answer.length !== 2) return undefined;
        const [text, found] = answer as unknown[];
        edition = typeof found === 'string' ? found : null;
        return typeof text === 'string' ? keptIn(text, key, edition, clock.now()) : undefined;
      });
      const kept = await inTime(asked);
      if (kept !== undefined) {
        for (const name of headers) if (kept.headers[name]) response.setHeader(name, kept.headers[name]);
        response.send(Buffer.from(kept.body, 'base64'));
        return;
      }
      onceSent(response, (body) => {
        // Without an edition from before the answer nobody could say later whether it is outdated.
        if (response.statusCode !== 200 || edition === undefined) return;
        const text = JSON.stringify({
          key,
          edition,
          until: clock.now() + ttlMs,
          headers: Object.fromEntries(headers.map((name) => [name, response.get(name)])),
          body: Buffer.from(body).toString('base64'),
        } satisfies Kept);
        redis.set(key, text, 'PX', Math.max(1, Math.floor(ttlMs))).catch(() => {});
      });
      next();
    };
  }

  async function forget(...subjects: string[]): Promise<void> {
    // An edition outlives every answer of the one before it.
    const ms = Math.max(1, Math.floor(10 * ttlMs));
    await inTime(Promise.all(subjects.map((each) => redis.set(editionOf(each), randomUUID(), 'PX', ms))));
  }

  return { keep, forget };
}

function editionOf(subject: string): string {
  return `edition ${subject}`;
}

/** Equal for requests that ask for the same. The parameters are those that the routes see. */
function keyOf(request: Pick<Request, 'get' | 'path' | 'query'>, header: string | undefined): string {
  const parameters = Object.entries(request.query).sort(([a], [b]) => (a < b ? -1 : 1));
  return `answer ${JSON.stringify([request.path, parameters, header && (request.get(header) ?? null)])}`;
}

/** The answer in a text from Redis, if it is one of ours, of this edition, and not over its time. */
function keptIn(text: string, key: string, edition: string | null, now: number): Kept | undefined {
  try {
    const kept = JSON.parse(text) as Kept;
    const ours = kept.key === key && typeof kept.body === 'string' && typeof kept.headers === 'object';
    return ours && kept.edition === edition && kept.until > now ? kept : undefined;
  } catch {
    return undefined;
  }
}

/** Calls back with the body when Express has sent it. `json` ends up in `send` too, with a text. */
function onceSent(response: Response, done: (body: string | Uint8Array) => void): void {
  const send = response.send.bind(response);
  response.send = (body: unknown) => {
    const sent = send(body);
    if (typeof body === 'string' || body instanceof Uint8Array) done(body);
    return sent;
  };
}
