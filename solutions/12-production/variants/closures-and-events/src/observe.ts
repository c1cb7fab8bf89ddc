import { randomBytes } from 'node:crypto';
import type { RequestHandler } from 'express';
import { type Bus, currentRequest } from './bus.ts';

const HARMLESS = /^[A-Za-z0-9._-]{1,64}$/;

const templateOf = (path: string): string => {
  const [, first = '', second, ...rest] = path.replace(/(?<=.)\/$/, '').split('/');
  if (first === 'notes' && second === undefined) return '/notes';
  return first === 'notes' && rest.length === 0 ? '/notes/:id' : '(unknown)';
};

/** Tells the bus of every request that is not about the health of the service. */
export const observe = (
  bus: Bus,
  now: () => number,
  silent: ReadonlySet<string>,
): { id: RequestHandler; tell: RequestHandler } => ({
  id: (request, response, next) => {
    const given = request.get('X-Request-Id') ?? '';
    const id = HARMLESS.test(given) ? given : randomBytes(12).toString('hex');
    response.set('X-Request-Id', id);
    currentRequest.run(id, next);
  },
  tell: (request, response, next) => {
    const start = now();
    const path = request.originalUrl.replace(/\?.*$/s, '');
    const counted = !silent.has(path);
    if (counted) bus.emit('begun');
    const id = currentRequest.getStore() ?? '';
    response.once('finish', () => {
      const route = counted ? templateOf(path) : path;
      const seen = { method: request.method, path, route, status: response.statusCode, ms: now() - start };
      currentRequest.run(id, () => bus.emit('done', seen));
    });
    response.once('close', () => {
      if (counted) bus.emit('gone');
    });
    next();
  },
});
