import { createHash, timingSafeEqual } from 'node:crypto';
import type { Database } from 'better-sqlite3';
import express, { type Express } from 'express';
import { createHealth, type Check } from './health.ts';
import { createLog, type Level } from './log.ts';
import { Metrics } from './metrics.ts';
import { createNotes, type Mail } from './notes.ts';
import { failed, observe } from './requests.ts';

/** What the app is given from outside. */
export type Dependencies = {
  /** An open database on a file. */
  db: Database;
  mail: Mail;
  checks: readonly Check[];
  /** How long one check is waited for, in milliseconds. */
  checkTimeoutMs: number;
  /** Milliseconds since 1970, and a wait. */
  clock: { now(): number; sleep(ms: number): Promise<void> };
  /** Takes log lines. In the program it is stdout. */
  write: (text: string) => unknown;
  /** Who sends it may read the metrics. */
  metricsToken: string;
  /** Lines below it are left out. */
  level?: Level;
};

/** Builds the app and does not start it: whoever calls this decides where it listens. */
export function createApp(dependencies: Dependencies): Express {
  const { db, mail, checks, checkTimeoutMs, clock, write, metricsToken, level } = dependencies;
  const log = createLog({ write, clock, level });
  const metrics = new Metrics();
  const expected = digest(`Bearer ${metricsToken}`);

  const app = express();
  app.disable('x-powered-by');
  app.use(observe({ log, metrics, clock }));
  app.use(createHealth({ checks, checkTimeoutMs, clock, log }));
  app.get('/metrics', (request, response) => {
    if (!timingSafeEqual(digest(request.get('authorization') ?? ''), expected)) {
      response.status(401).set('WWW-Authenticate', 'Bearer').json({ error: 'metrics need a token' });
      return;
    }
    response.set('Content-Type', 'text/plain; version=0.0.4; charset=utf-8').send(metrics.text());
  });
  app.use(createNotes({ db, mail, log }));
  app.use((_request, response) => {
    response.status(404).json({ error: 'nothing here' });
  });
  app.use(failed(log, metricsToken));
  return app;
}

/** Equally long for every text: what is compared takes the same time, however much of it is right. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
