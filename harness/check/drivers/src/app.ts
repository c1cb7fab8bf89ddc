import { pbkdf2Sync } from 'node:crypto';
import type { Server } from 'node:http';
import type { Database } from 'better-sqlite3';
import express from 'express';

type Clock = { now(): number; sleep(ms: number): Promise<void> };
type Deps = {
  db: Database;
  clock: Clock;
  newId: () => string;
  send: (to: string, text: string) => Promise<unknown>;
};

/** A program that uses every dependency that suites can give, for the tests of the drivers. */
export function createApp({ db, clock, newId, send }: Deps): express.Express {
  db.exec('CREATE TABLE IF NOT EXISTS notes (id TEXT PRIMARY KEY, text TEXT NOT NULL UNIQUE)');
  const insert = db.transaction((id: string, text: string) => {
    db.prepare('INSERT INTO notes (id, text) VALUES (?, ?)').run(id, text);
  });
  const app = express();
  app.use(express.json());
  app.post('/notes', (request, response) => {
    const { text } = request.body as { text: string };
    const id = newId();
    try {
      insert(id, text);
      response.status(201).json({ id });
    } catch (error) {
      response
        .status((error as { code?: string }).code === 'SQLITE_CONSTRAINT_UNIQUE' ? 409 : 500)
        .json({ code: (error as { code?: string }).code });
    }
  });
  app.get('/notes', (_request, response) => {
    response.json(db.prepare('SELECT text FROM notes ORDER BY text').all());
  });
  app.post('/mail', async (request, response) => {
    try {
      response.json({ sent: await send('ada@example.test', (request.body as { text: string }).text) });
    } catch (error) {
      const { message: why, code, status } = error as Error & { code?: string; status?: number };
      response.status(502).json({ why, code, status });
    }
  });
  app.get('/work', (_request, response) => {
    response.json({ key: pbkdf2Sync('password', 'salt', 400_000, 32, 'sha256').toString('hex') });
  });
  app.get('/wait', (_request, response) => {
    setTimeout(() => response.json({}), 100);
  });
  app.get('/late', async (_request, response) => {
    await clock.sleep(100);
    await clock.sleep(100);
    response.json({
      now: clock.now(),
      date: Date.now(),
      fresh: new Date().getTime(),
      isDate: new Date() instanceof Date,
    });
  });
  return app;
}

let order: string[] = [];

/** Two calls in one turn both start before either goes on. */
export async function note(name: string): Promise<string[]> {
  order.push(`begin ${name}`);
  await Promise.resolve();
  order.push(`end ${name}`);
  return order;
}

export function forget(): void {
  order = [];
}

/** A counter in the caller's database, for what is called in one turn. */
export function createCounter(db: Database): { add(): number; addLater(): Promise<number> } {
  db.exec('CREATE TABLE IF NOT EXISTS counted (n INTEGER)');
  const add = (): number => db.prepare('INSERT INTO counted VALUES (1)').run().changes;
  return { add, addLater: async () => Promise.resolve().then(add) };
}

/** Calls a method of a counter that was made before, and a function in the same turn. */
export function addTo(counter: { add(): number }, given: () => unknown): unknown[] {
  try {
    return [counter.add(), given()];
  } catch (error) {
    return [error instanceof Error ? error.message : error];
  }
}

export type { Server };
