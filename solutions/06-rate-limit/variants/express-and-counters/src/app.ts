import express, { type ErrorRequestHandler, type Express, type Request, type RequestHandler } from 'express';
import { countFailures } from './failures.ts';
import { fixedWindow } from './limiters.ts';
import { unlessDown, withPatience } from './patience.ts';
import { storeInMemory, type Store } from './store.ts';

type Given = {
  clock: { now(): number; sleep(ms: number): Promise<void> };
  store?: Store;
  verify: (account: string, password: string) => Promise<'ok' | 'wrong-password' | 'no-such-account'>;
  limit: number;
  windowMs: number;
  trustedProxies?: number;
  apiKeys?: Map<string, string>;
  storeTimeoutMs?: number;
  maxKeys?: number;
};

export const createApp = (given: Given): Express => {
  const { clock, verify, limit, windowMs, trustedProxies = 0, apiKeys = new Map<string, string>() } = given;
  const store = withPatience(
    given.store ?? storeInMemory(() => clock.now(), given.maxKeys ?? 10_000),
    (ms) => clock.sleep(ms),
    given.storeTimeoutMs ?? 250,
  );
  const seconds = (ms: number) => Math.max(1, Math.ceil(ms / 1000));
  const addressOf = (request: Request) => request.ip ?? '';

  const take = (request: Request) => {
    const user = apiKeys.get(request.get('X-API-Key') ?? '');
    const key = user === undefined ? `from ${addressOf(request)}` : `of ${user}`;
    return unlessDown(fixedWindow({ store, clock, limit, windowMs }, key));
  };

  const limited: RequestHandler = async (request, response, next) => {
    const decision = await take(request);
    if (!decision) return next();
    const { allowed, remaining, retryAfterMs } = decision;
    response.set('RateLimit-Policy', `"budget";q=${limit};w=${windowMs / 1000}`);
    response.set('RateLimit', `"budget";r=${remaining};t=${windowMs / 1000}`);
    if (allowed) return next();
    response.set('Retry-After', `${seconds(retryAfterMs)}`).sendStatus(429);
  };

  const login: RequestHandler = async (request, response) => {
    const { account, password } = (request.body ?? {}) as Record<string, unknown>;
    if (typeof account !== 'string' || typeof password !== 'string') return void response.sendStatus(400);
    await take(request);
    const failures = countFailures(store, () => clock.now(), account, addressOf(request));
    const counted = await unlessDown(failures.begin());
    if (counted === undefined) return void response.sendStatus(503);
    if (!counted)
      return void response.set('Retry-After', `${seconds(failures.retryAfterMs)}`).sendStatus(429);
    if ((await verify(account, password)) !== 'ok') return void response.sendStatus(401);
    // Who knows the password gets in, even when the store cannot be told.
    await unlessDown(failures.forget());
    response.json({ welcome: account });
  };

  const items: { text: string }[] = [];
  const add: RequestHandler = (request, response) => {
    const { text } = (request.body ?? {}) as Record<string, unknown>;
    if (typeof text !== 'string') return void response.sendStatus(422);
    items.push({ text });
    response.status(201).json({ text });
  };

  const failed: ErrorRequestHandler = (error: { status?: number }, request, response, next) => {
    if (response.headersSent) return next(error);
    response.sendStatus(error.status ?? 500);
  };

  const app = express();
  app.set('trust proxy', trustedProxies);
  app.get('/health', (request, response) => void response.sendStatus(200));
  app.use('/items', limited);
  app.get('/items', (request, response) => void response.json({ items }));
  app.post('/items', express.json(), add);
  app.post('/login', express.json(), login);
  app.use(failed);
  return app;
};
