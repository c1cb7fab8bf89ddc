import express, { type ErrorRequestHandler, type Express, type Request } from 'express';
import { slidingWindow } from './limiters.ts';
import { loginLimit } from './login-limit.ts';
import { rateLimit, sendTooMany } from './rate-limit.ts';
import { impatient, memoryStore, type Store } from './store.ts';

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
export function createApp({
  clock,
  verify,
  limit,
  windowMs,
  maxKeys = 10_000,
  store: given = memoryStore(clock, maxKeys),
  trustedProxies = 0,
  apiKeys = new Map(),
  storeTimeoutMs = 250,
}: Dependencies): Express {
  const store = impatient(given, clock, storeTimeoutMs);
  const logins = loginLimit({ store, clock });
  const items: { id: number; text: string }[] = [];

  const app = express();
  app.disable('x-powered-by');
  // A number: so many entries of X-Forwarded-For, from the right, were written by proxies of ours. `true` would believe
  // them all, and the leftmost is whatever the client wrote.
  app.set('trust proxy', trustedProxies);

  app.get('/health', (_request, response) => {
    response.json({ status: 'ok' });
  });

  app.use(
    '/items',
    rateLimit({
      take: (key) => slidingWindow({ store, clock, limit, windowMs }, key),
      keyOf: (request) => payer(request, apiKeys),
      limit,
      windowMs,
    }),
  );

  app.get('/items', (_request, response) => {
    response.json({ items });
  });

  app.post('/items', express.json(), (request, response) => {
    const { text } = fieldsOf(request);
    if (typeof text !== 'string') {
      response.status(422).json({ error: 'text has to be a string' });
      return;
    }
    const item = { id: items.length + 1, text };
    items.push(item);
    response.status(201).json(item);
  });

  app.post('/login', express.json(), async (request, response) => {
    const { account, password } = fieldsOf(request);
    if (typeof account !== 'string' || typeof password !== 'string') {
      response.status(422).json({ error: 'account and password have to be strings' });
      return;
    }
    const key = JSON.stringify([account, request.ip]);
    try {
      const decision = await logins.reserve(key);
      if (!decision.allowed) {
        sendTooMany(response, decision);
      } else if ((await verify(account, password)) === 'ok') {
        await logins.forgive(key);
        response.json({ account });
      } else {
        response.status(401).json({ error: 'account or password is wrong' });
      }
    } catch {
      // Closed when the store is down: without a count, a login is an invitation to guess.
      response.status(503).json({ error: 'logging in is not possible at the moment' });
    }
  });

  app.use(sendError);
  return app;
}

/** Whose budget pays. A key that nobody was given is worth nothing: else every invented one would buy a new budget. */
function payer(request: Request, apiKeys: ReadonlyMap<string, string>): string {
  const user = apiKeys.get(request.get('X-API-Key') ?? '');
  return user === undefined ? `address:${request.ip}` : `user:${user}`;
}

function fieldsOf(request: Request): Record<string, unknown> {
  return (request.body ?? {}) as Record<string, unknown>;
}

/** Errors that carry a status come from `express.json()`. */
const sendError: ErrorRequestHandler = (error: { status?: unknown }, _request, response, next) => {
  if (response.headersSent) {
    next(error);
    return;
  }
  const status = typeof error.status === 'number' ? error.status : 500;
  response.status(status).json({ error: status < 500 ? 'this request cannot be read' : 'an error of ours' });
};
