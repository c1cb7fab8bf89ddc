import type { Database } from 'better-sqlite3';
import type { Request, RequestHandler, Response } from 'express';
import type { AccessTokens } from './access-tokens.ts';

export type User = { id: string; email: string };

/** A middleware that lets only requests with a good access token through. */
export function requireUser(db: Database, accessTokens: AccessTokens): RequestHandler {
  const findUser = db.prepare<[string], User>('SELECT id, email FROM users WHERE id = ?');

  return (request, response, next) => {
    const token = bearerToken(request);
    if (token === undefined) return unauthorized(response, 'Bearer');
    const userId = accessTokens.read(token);
    const user = userId === undefined ? undefined : findUser.get(userId);
    if (!user) return unauthorized(response, 'Bearer error="invalid_token"');
    response.locals.user = user;
    next();
  };
}

export function currentUser(response: Response): User {
  return response.locals.user as User;
}

function bearerToken(request: Request): string | undefined {
  // Of two Authorization headers Node would keep the first.
  const values = request.headersDistinct.authorization ?? [];
  if (values.length !== 1) return undefined;
  return /^Bearer +(\S+)$/i.exec(values[0]!)?.[1];
}

function unauthorized(response: Response, challenge: string): void {
  response.status(401).set('WWW-Authenticate', challenge).json({ error: 'unauthorized' });
}
