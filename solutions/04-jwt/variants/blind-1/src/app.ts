import type { Database } from 'better-sqlite3';
import express from 'express';
import type { ErrorRequestHandler } from 'express';
import { accountRoutes } from './accounts.ts';
import { requireUser } from './auth.ts';
import { createAccessTokens } from './access-tokens.ts';
import { noteRoutes } from './notes.ts';
import { createSessions } from './sessions.ts';
import { createTables } from './schema.ts';

/** What the API is given from outside. */
export type Dependencies = {
  /** An open database; its file is empty the first time. */
  db: Database;
  /** Milliseconds since 1970. */
  clock: { now(): number };
  /** Two secrets: one for each kind of token. */
  keys: { access: string; refresh: string };
  /** The cost of a password hash, as bcrypt counts it. */
  hashCost?: number;
};

const MIN_SECRET_BYTES = 32;

/** Builds the app and does not start it: whoever calls this decides where it listens. */
export function createApp({ db, clock, keys, hashCost = 12 }: Dependencies): express.Express {
  refuseWeakSecret('keys.access', keys.access);
  refuseWeakSecret('keys.refresh', keys.refresh);
  createTables(db);

  const accessTokens = createAccessTokens(keys.access, clock);
  const sessions = createSessions(db, keys.refresh, clock);
  const auth = requireUser(db, accessTokens);

  const app = express();
  app.disable('x-powered-by');
  app.use(accountRoutes({ db, accessTokens, sessions, auth, hashCost }));
  app.use('/notes', noteRoutes({ db, auth }));
  app.use((_request, response) => {
    response.status(404).json({ error: 'not found' });
  });
  app.use(onError);
  return app;
}

function refuseWeakSecret(name: string, secret: unknown): void {
  if (typeof secret !== 'string' || Buffer.byteLength(secret, 'utf8') < MIN_SECRET_BYTES) {
    throw new Error(`${name} needs at least ${MIN_SECRET_BYTES} bytes`);
  }
}

const onError: ErrorRequestHandler = (error, _request, response, next) => {
  if (response.headersSent) return next(error);
  const status: unknown = error?.status;
  if (typeof status === 'number' && status >= 400 && status < 500) {
    response.status(status).json({ error: 'bad request' });
    return;
  }
  console.error(error);
  response.status(500).json({ error: 'internal error' });
};
