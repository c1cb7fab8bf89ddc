import type { Request, RequestHandler, Response } from 'express';
import { StoreDown } from './impatient-store.ts';
import type { Decision, Limiter } from './limiters.ts';

export type RateLimitOptions = {
  limiter: Limiter;
  /** Whose budget pays for this request. */
  payer: (request: Request) => string;
  limit: number;
  windowMs: number;
  /** Milliseconds until the whole budget is there again, for a request that is allowed. */
  resetMs: () => number;
};

/** Lets requests through as long as their payer has budget, and all of them while the store is down. */
export function rateLimit({ limiter, payer, limit, windowMs, resetMs }: RateLimitOptions): RequestHandler {
  return async (request, response, next) => {
    const decision = await unlessDown(limiter.take(payer(request)));
    if (decision === undefined) {
      next();
      return;
    }
    const reset = seconds(decision.allowed ? resetMs() : decision.retryAfterMs);
    response.set('RateLimit-Policy', `"default";q=${limit};w=${Math.round(windowMs / 1000)}`);
    response.set('RateLimit', `"default";r=${decision.remaining};t=${reset}`);
    if (decision.allowed) next();
    else tooManyRequests(response, decision);
  };
}

/** Says when to come again. RFC 6585 §4: a 429 is nothing for a cache. */
export function tooManyRequests(response: Response, { retryAfterMs }: Decision): void {
  response
    .status(429)
    .set('Retry-After', String(seconds(retryAfterMs)))
    .set('Cache-Control', 'no-store')
    .json({ error: 'too many requests' });
}

/** Undefined when the store is down. */
export async function unlessDown<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof StoreDown) return undefined;
    throw error;
  }
}

function seconds(ms: number): number {
  return Math.max(1, Math.ceil(ms / 1000));
}
