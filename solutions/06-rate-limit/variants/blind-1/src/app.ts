import express, { type ErrorRequestHandler, type Express, type Request, type Response } from 'express';
import { admitGuess, guessesKey, guessFailed, guessSucceeded } from './guesses.ts';
import { fixedWindow, type Decision } from './limiters.ts';
import { impatientStore, memoryStore, StoreDown, type Store } from './store.ts';

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
export function createApp(dependencies: Dependencies): Express {
  const {
    clock,
    verify,
    limit,
    windowMs,
    trustedProxies = 0,
    apiKeys,
    storeTimeoutMs = 250,
    maxKeys,
  } = dependencies;
  const store =
    dependencies.store === undefined
      ? memoryStore(clock, maxKeys)
      : impatientStore(dependencies.store, (ms) => clock.sleep(ms), storeTimeoutMs);
  const app = express();
  const items: { id: number; text: string }[] = [];

  app.disable('x-powered-by');
  // From the right, so many entries of X-Forwarded-For are skipped or believed. With 0, the header means nothing.
  app.set('trust proxy', trustedProxies);

  app.get('/health', (request, response) => {
    response.json({ status: 'ok' });
  });

  app.use('/items', async (request, response, next) => {
    // One moment for the decision and for the headers, however long the store takes.
    const now = clock.now();
    let decision: Decision;
    try {
      decision = await fixedWindow(
        { store, clock: { now: () => now }, limit, windowMs },
        payer(request, apiKeys),
      );
    } catch (error) {
      if (!(error instanceof StoreDown)) throw error;
      // Better without a limit than not at all.
      next();
      return;
    }
    const resetMs = windowMs - (now % windowMs);
    response.set('RateLimit-Policy', `"default";q=${limit};w=${windowMs / 1000}`);
    response.set('RateLimit', `"default";r=${decision.remaining};t=${seconds(resetMs)}`);
    if (decision.allowed) next();
    else refuse(response, decision.retryAfterMs);
  });

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
    const key = guessesKey(account, addressOf(request));
    // If the store is down, any of these calls throws StoreDown, and the error handler answers 503.
    const admission = await admitGuess({ store, clock }, key);
    if (!admission.admitted) {
      refuse(response, admission.retryAfterMs);
      return;
    }
    const verified = await verify(account, password);
    if (verified === 'ok') {
      await guessSucceeded({ store, clock }, key, admission.id);
      response.json({ account });
    } else {
      await guessFailed({ store, clock }, key, admission.id);
      response.status(401).json({ error: 'account or password is wrong' });
    }
  });

  app.use(answerError);
  return app;
}

/** Who pays for a request. A user and an address of the same name are two. */
function payer(request: Request, apiKeys: ReadonlyMap<string, string> | undefined): string {
  const user = apiKeys?.get(request.get('X-API-Key') ?? '');
  return user === undefined ? `address:${addressOf(request)}` : `user:${user}`;
}

/** The client's address. `::ffff:192.0.2.1` is how a socket for both versions of IP writes 192.0.2.1. */
function addressOf(request: Request): string {
  const address = (request.ip ?? 'unknown').trim().toLowerCase();
  return address.startsWith('::ffff:') && address.includes('.') ? address.slice('::ffff:'.length) : address;
}

function refuse(response: Response, retryAfterMs: number): void {
  response
    .status(429)
    .set('Retry-After', String(seconds(retryAfterMs)))
    .set('Cache-Control', 'no-store')
    .json({ error: 'too many requests' });
}

/** Rounded up: whoever comes back after so many seconds is not too early. */
function seconds(ms: number): number {
  return Math.max(1, Math.ceil(ms / 1000));
}

const answerError: ErrorRequestHandler = (error, request, response, next) => {
  if (response.headersSent) {
    next(error);
  } else if (error instanceof StoreDown) {
    response.status(503).set('Cache-Control', 'no-store').json({ error: 'try again later' });
  } else {
    // Errors of express.json carry a status from 400 to 499. Whatever else comes here is a bug of ours.
    const status = Number((error as { status?: unknown }).status ?? 500);
    response.status(status).json({ error: status < 500 ? 'bad request' : 'internal error' });
  }
};
