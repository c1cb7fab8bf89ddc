import type { Database } from 'better-sqlite3';
import express from 'express';
import { Accounts } from './accounts.ts';
import { accountRoutes } from './http/account-routes.ts';
import { answerFailure, notFound } from './http/failure.ts';
import { noteRoutes } from './http/note-routes.ts';
import { requireUser } from './http/require-user.ts';
import { sessionRoutes } from './http/session-routes.ts';
import { Notebook } from './notebook.ts';
import { Passwords } from './passwords.ts';
import { Sessions } from './sessions.ts';

export type Dependencies = {
  db: Database;
  clock: { now(): number };
  keys: { access: string; refresh: string };
  hashCost?: number;
};

/** Puts the parts together. Throws when a secret is shorter than 32 bytes. */
export function createApp({ db, clock, keys, hashCost = 12 }: Dependencies): express.Express {
  const accounts = new Accounts(db, new Passwords(hashCost));
  const sessions = new Sessions(db, clock, keys);
  const guard = requireUser(sessions, accounts);

  const app = express();
  app.disable('x-powered-by');
  app.use(accountRoutes(accounts, guard));
  app.use(sessionRoutes(accounts, sessions));
  app.use('/notes', guard, noteRoutes(new Notebook(db)));
  app.use(notFound);
  app.use(answerFailure);
  return app;
}
