import express, { type Express } from 'express';
import type { Store } from './store.ts';

/** What a password turned out to be. */
export type Verified = 'ok' | 'wrong-password' | 'no-such-account';

/** What the app is given from outside. */
export type Dependencies = {
  /** `now`: milliseconds since 1970. `sleep`: resolves after so many milliseconds. */
  clock: { now(): number; sleep(ms: number): Promise<void> };
  /** Left out: the app makes a store in memory for itself. */
  store?: Store;
  /** Looks at a password. Never rejects. */
  verify: (account: string, password: string) => Promise<Verified>;
  /** How many requests a client may send in `windowMs`. */
  limit: number;
  windowMs: number;
  /** How many proxies of ours stand in front of this app. */
  trustedProxies?: number;
  /** From API key to the name of the user whose key it is. */
  apiKeys?: ReadonlyMap<string, string>;
  /** How long the store may take for an answer. */
  storeTimeoutMs?: number;
  /** How many entries the store in memory may hold. */
  maxKeys?: number;
};

/** Builds the app and does not start it: whoever calls this decides where it listens. */
export function createApp({ verify }: Dependencies): Express {
  const app = express();
  const items: { id: number; text: string }[] = [];

  app.get('/health', (request, response) => {
    response.json({ status: 'ok' });
  });

  // TODO R6: put your limiter in front of /items, as middleware.
  // TODO R7: find out which address is the client's.
  // TODO R10: what happens when the store does not answer?

  app.get('/items', (request, response) => {
    response.json({ items });
  });

  app.post('/items', express.json(), (request, response) => {
    const { text } = (request.body ?? {}) as { text?: unknown };
    if (typeof text !== 'string') {
      response.status(422).json({ error: 'text has to be a string' });
      return;
    }
    const item = { id: items.length + 1, text };
    items.push(item);
    response.status(201).json(item);
  });

  app.post('/login', express.json(), async (request, response) => {
    const { account, password } = (request.body ?? {}) as { account?: unknown; password?: unknown };
    if (typeof account !== 'string' || typeof password !== 'string') {
      response.status(422).json({ error: 'account and password have to be strings' });
      return;
    }
    // TODO R9: five failures, then no guess is looked at.
    const verified = await verify(account, password);
    if (verified === 'ok') response.json({ account });
    else response.status(401).json({ error: 'account or password is wrong' });
  });

  // The core ends with R10. R14 to R19 belong to this app too: see README.md.
  return app;
}
