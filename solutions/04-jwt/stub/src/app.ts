import type { Database } from 'better-sqlite3';
import express from 'express';

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

/** Builds the app and does not start it: whoever calls this decides where it listens. */
export function createApp({ db, clock, keys, hashCost = 12 }: Dependencies): express.Express {
  const app = express();
  app.use(express.json());

  // An example. Keep it or remove it.
  app.get('/', (request, response) => {
    response.type('text').send('It works. Your turn.');
  });

  // TODO R4: POST /register stores a user with a hashed password.
  // TODO R5: POST /login answers with tokens; GET /me tells whose token it is.
  // TODO R6: one answer for all logins that fail.
  // TODO R7: a middleware that asks for a good access token.
  // TODO R8: POST /notes and GET /notes, for the owner of the token.
  // TODO R9: keep secrets out of tokens and answers.
  // The core ends here. R16 to R21 belong to this file too: see README.md.
  return app;
}
