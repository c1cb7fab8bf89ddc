import type { Database } from 'better-sqlite3';
import express, { type Express } from 'express';
import { createNotes, type Mail } from './notes.ts';

/** Something that the service needs. It resolves when all is well, rejects when it is not, or never settles. */
export type Check = { name: string; check: () => Promise<unknown> };

/** What the app is given from outside. */
export type Dependencies = {
  /** An open database on a file. */
  db: Database;
  mail: Mail;
  checks: Check[];
  /** How long one check is waited for, in milliseconds. */
  checkTimeoutMs: number;
  /** Milliseconds since 1970, and a wait. Measure and wait with it. */
  clock: { now(): number; sleep(ms: number): Promise<void> };
  /** Takes log lines. In the program it is stdout. */
  write: (text: string) => unknown;
  /** Who sends it may read the metrics. */
  metricsToken: string;
};

/** Builds the app and does not start it: whoever calls this decides where it listens. */
export function createApp({ db, mail }: Dependencies): Express {
  const app = express();

  // TODO R2: GET /livez and GET /readyz. Which of the two may ask the checks?
  // TODO R3: a check that hangs is waited for `checkTimeoutMs`, on clock.sleep.
  // TODO R4: one line of JSON for each request, when its answer is done.
  // TODO R5: X-Request-Id, and AsyncLocalStorage, so that every line knows it. And the note line.
  // TODO R6: no secrets and no bodies in the log, not even in messages of errors.
  // TODO R7: an error handler: one line with the stack; a 500 that says nothing.
  // TODO R8: GET /metrics, for who has the token.
  app.use(createNotes({ db, mail }));
  return app;
}
