import { randomUUID } from 'node:crypto';
import type { Request, RequestHandler, Response } from 'express';
import { Redis } from 'ioredis';
import { limited, type Clock } from './time.ts';

/** An answer as it is stored. The body as base64: a picture is no text. */
type Stored = { type: string; vary: string; body: string };

export type CacheSettings = { address: string; clock: Clock; ttlMs: number; timeoutMs: number };

/** How long a group's version lives, in multiples of the time to live. It has to outlive the answers from before it. */
const VERSION_LIVES = 10;

/**
 * Keeps answers in Redis, in groups. A group has a version, which is a part of the key of each of its answers: whoever
 * changes the version makes all of them unreachable in one step, and they expire by themselves.
 */
export class ResponseCache {
  private readonly redis: Redis;
  private readonly settings: CacheSettings;

  constructor(settings: CacheSettings) {
    this.settings = settings;
    this.redis = new Redis(settings.address, { maxRetriesPerRequest: 1 });
    this.redis.on('error', () => {}); // an outage is dealt with where a command fails
  }

  /** For routes whose answer is the same for everybody. `groupOf`: what has to change for the answer to change. */
  answers<P>(groupOf: (request: Request<P>) => string, vary: readonly string[] = []): RequestHandler<P> {
    return async (request, response, next) => {
      if (!isRead(request) || isPersonal(request)) return next();
      const group = groupOf(request);
      const version = await this.tried(() => this.redis.get(versionKey(group)));
      const key = `answer:${group}:${version ?? ''}:${fingerprint(request, vary)}`;
      const stored = storedOf(await this.tried(() => this.redis.get(key)));
      if (stored !== null) return replay(response, stored);
      // A HEAD request is answered without a body: there is nothing to keep.
      if (request.method === 'GET') this.record(response, key);
      next();
    };
  }

  /** To be called when the source has the change, and before the client is told. */
  async changed(...groups: readonly string[]): Promise<void> {
    const life = this.settings.ttlMs * VERSION_LIVES;
    const steps = this.redis.multi();
    // Not counted up: a count that has expired would begin again, and could meet answers of its first life.
    for (const group of groups) steps.set(versionKey(group), randomUUID(), 'PX', life);
    await this.tried(() => steps.exec());
  }

  private record(response: Response, key: string): void {
    const send = response.send.bind(response);
    response.send = (body: unknown) => {
      const result = send(body);
      if (response.statusCode === 200 && (typeof body === 'string' || Buffer.isBuffer(body))) {
        const stored: Stored = {
          type: response.get('Content-Type') ?? '',
          vary: response.get('Vary') ?? '',
          body: Buffer.from(body as string).toString('base64'),
        };
        // Nobody waits for this, so the client has its answer already.
        void this.tried(() => this.redis.set(key, JSON.stringify(stored), 'PX', this.settings.ttlMs));
      }
      return result;
    };
  }

  private tried<T>(work: () => Promise<T>): Promise<T | null> {
    return limited(this.settings.clock, this.settings.timeoutMs, work);
  }
}

function versionKey(group: string): string {
  return `version:${group}`;
}

function isRead({ method }: Pick<Request, 'method'>): boolean {
  return method === 'GET' || method === 'HEAD';
}

/** Whoever says who they are may get an answer of their own: it is not for a shared cache (RFC 9111 §3.5). */
function isPersonal({ headers }: Pick<Request, 'headers'>): boolean {
  return headers.authorization !== undefined || headers.cookie !== undefined;
}

/** Equal for requests with the same answer. JSON keeps the pieces apart, whatever stands in them. */
function fingerprint(request: Pick<Request, 'originalUrl' | 'get'>, vary: readonly string[]): string {
  const { pathname, searchParams } = new URL(request.originalUrl, 'http://localhost');
  searchParams.sort(); // stable: several values of one name keep their order
  return JSON.stringify([pathname, [...searchParams], vary.map((name) => request.get(name) ?? null)]);
}

function replay(response: Response, { type, vary, body }: Stored): void {
  if (vary !== '') response.set('Vary', vary);
  response.set('Content-Type', type).send(Buffer.from(body, 'base64'));
}

/** Null for all that is no stored answer. */
function storedOf(text: string | null): Stored | null {
  try {
    const { type, vary, body } = JSON.parse(text ?? 'null') as Record<string, unknown>;
    const whole = typeof type === 'string' && typeof vary === 'string' && typeof body === 'string';
    return whole ? { type, vary, body } : null;
  } catch {
    return null;
  }
}
