import type { RequestHandler } from 'express';
import type { Redis } from 'ioredis';

/**
 * Keeps answers in Redis. This is the middleware that tutorials show. It is fast, and it is wrong in more ways than it
 * has lines: your task is to find them. The rules R6 to R10 and R16 name them.
 */
export function cacheAnswers(redis: Redis): RequestHandler {
  return async (request, response, next) => {
    const key = request.originalUrl;
    const cached = await redis.get(key);
    if (cached !== null) {
      response.json(JSON.parse(cached));
      return;
    }
    const sendJson = response.json.bind(response);
    response.json = (data: unknown) => {
      redis.set(key, JSON.stringify(data), 'EX', 3600).catch(() => {});
      return sendJson(data);
    };
    next();
  };
}
