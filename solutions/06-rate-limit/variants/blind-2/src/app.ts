import express, { type ErrorRequestHandler, type Express, type Request } from 'express';
import { ImpatientStore } from './impatient-store.ts';
import { FixedWindow, SlidingWindow } from './limiters.ts';
import { rateLimit, tooManyRequests, unlessDown } from './rate-limit.ts';
import { memoryStore, type Store } from './store.ts';

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

/** How many wrong passwords an account may get from one address, and how long each of them counts. */
const maxFailures = 5;
const failuresMs = 15 * 60_000;

/** Builds the app and does not start it: whoever calls this decides where it listens. */
export function createApp(dependencies: Dependencies): Express {
  const { clock, verify, limit, windowMs, trustedProxies = 0, apiKeys, storeTimeoutMs = 250 } = dependencies;
  const store =
    dependencies.store === undefined
      ? memoryStore(clock, dependencies.maxKeys)
      : new ImpatientStore(dependencies.store, clock, storeTimeoutMs);
  const requests = new FixedWindow({ store, clock, limit, windowMs });
  const failures = new SlidingWindow({ store, clock, limit: maxFailures, windowMs: failuresMs });
  const items: { id: number; text: string }[] = [];

  const app = express();
  // request.ip: the entry of X-Forwarded-For that the outermost of our proxies wrote.
  app.set('trust proxy', trustedProxies);

  app.get('/health', (request, response) => {
    response.json({ status: 'ok' });
  });

  app.use(
    '/items',
    rateLimit({
      limiter: requests,
      payer: (request) => {
        const user = apiKeys?.get(request.get('X-API-Key') ?? '');
        return JSON.stringify(user === undefined ? ['address', addressOf(request)] : ['user', user]);
      },
      limit,
      windowMs,
      resetMs: () => requests.untilNextWindow(clock.now()),
    }),
  );

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
    const key = JSON.stringify(['login', account, addressOf(request)]);
    // Every guess counts as a failure before it is looked at. Else guesses that arrive together would all find room.
    const decision = await unlessDown(failures.take(key));
    if (decision === undefined) {
      response.status(503).set('Cache-Control', 'no-store').json({ error: 'no logins at the moment' });
    } else if (!decision.allowed) {
      tooManyRequests(response, decision);
    } else if ((await verify(account, password)) === 'ok') {
      await unlessDown(failures.forget(key));
      response.json({ account });
    } else {
      response.status(401).json({ error: 'account or password is wrong' });
    }
  });

  app.use(answerError);
  return app;
}

function addressOf(request: Request): string {
  return request.ip ?? '';
}

/** Bodies that cannot be read are the client's fault. Express's own handler would send a stack trace. */
const answerError: ErrorRequestHandler = (error: unknown, request, response, next) => {
  if (response.headersSent) {
    next(error);
    return;
  }
  const { status } = (error ?? {}) as { status?: unknown };
  const theirs = typeof status === 'number' && status >= 400 && status < 500;
  if (!theirs) console.error(error);
  response.status(theirs ? status : 500).json({ error: theirs ? 'bad request' : 'internal error' });
};
