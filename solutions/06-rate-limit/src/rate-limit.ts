import type { Request, RequestHandler, Response } from 'express';
import type { Decision } from './limiters.ts';

export type RateLimitOptions = {
  /** One of the limiters, with its options. May reject: then the store is down. */
  take: (key: string) => Promise<Decision>;
  /** Whose budget pays for this request. */
  keyOf: (request: Request) => string;
  /** What the answers say about the limit. */
  limit: number;
  windowMs: number;
};

/** Middleware that lets a request through, or answers 429. Put it before everything that does work. */
export function rateLimit({ take, keyOf, limit, windowMs }: RateLimitOptions): RequestHandler {
  const policy = `"default";q=${limit};w=${Math.ceil(windowMs / 1000)}`;
  return async (request, response, next) => {
    const decision = await take(keyOf(request)).catch(() => null);
    // Open when the store is down: for a while nobody is limited, and everybody is served. In production, count these.
    if (decision === null) {
      next();
      return;
    }
    const { allowed, remaining, retryAfterMs } = decision;
    const reset = allowed ? Math.ceil(windowMs / 1000) : seconds(retryAfterMs);
    response.set('RateLimit-Policy', policy);
    response.set('RateLimit', `"default";r=${remaining};t=${reset}`);
    if (allowed) next();
    else sendTooMany(response, decision);
  };
}

/** 429, with the time after which it is worth while to come again. */
export function sendTooMany(response: Response, { retryAfterMs }: Decision): void {
  response
    .status(429)
    .set('Retry-After', String(seconds(retryAfterMs)))
    .set('Cache-Control', 'no-store')
    .json({ error: 'Too many requests. Retry-After says when to come again, in seconds.' });
}

/** Rounded up: a client that comes a moment too early is refused again. */
function seconds(ms: number): number {
  return Math.max(1, Math.ceil(ms / 1000));
}
