import express, { type Express, type Request, type Response } from 'express';
import { Redis } from 'ioredis';
import type { Clock } from './cache.ts';
import { createResponseCache, type Answer } from './response-cache.ts';

export type Product = { id: string; name: string; category: string; price: number };
export type ProductInput = Omit<Product, 'id'>;

/** Where the data comes from. It is slow, and it may fail. */
export type Source = {
  product(id: string): Promise<Product | null>;
  /** `category` and `sort` are null when the client named none. */
  products(filter: { category: string | null; sort: string | null }): Promise<Product[]>;
  picture(id: string): Promise<Uint8Array | null>;
  welcome(language: string): Promise<string>;
  orders(user: string): Promise<unknown[]>;
  add(input: ProductInput): Promise<Product>;
  save(id: string, input: ProductInput): Promise<Product | null>;
};

/** What the app is given from outside. */
export type Dependencies = {
  /** The address of a Redis, such as redis://127.0.0.1:6379/ */
  redis: string;
  source: Source;
  clock: Clock;
  /** How long an answer is kept, in milliseconds. */
  ttlMs: number;
  /** How long Redis is waited for, in milliseconds. */
  timeoutMs: number;
};

/** All lists of products. A product and its picture have a tag of their own. */
const lists = 'lists';

/** Builds the app and does not start it. */
export function createApp({ redis: address, source, clock, ttlMs, timeoutMs }: Dependencies): Express {
  const redis = connect(address);
  const cache = createResponseCache({ redis, clock, ttlMs, timeoutMs });
  const app = express();
  app.use(express.json());

  /** Answers from the cache or from `produce`; without an answer the thing does not exist. */
  async function answer(
    request: Request,
    response: Response,
    { name, tags }: { name: string; tags: string[] },
    produce: () => Promise<Answer | null>,
  ): Promise<void> {
    // Who names a user gets an answer of their own. What is kept here is for everybody.
    const found =
      userOf(request) === null
        ? await cache.answer({ name, tags, keep: request.method === 'GET' }, produce)
        : await produce();
    if (found === null) response.status(404).json({ title: 'Not Found' });
    else response.type(found.type).send(found.body);
  }

  app.get('/products', async (request, response) => {
    const { category, sort } = request.query;
    await answer(request, response, { name: nameOf(request), tags: [lists] }, async () =>
      jsonAnswer(await source.products({ category: textOrNull(category), sort: textOrNull(sort) })),
    );
  });

  app.post('/products', async (request, response) => {
    const product = await forgetting([lists], () => source.add(request.body as ProductInput));
    response.status(201).json(product);
  });

  app.get('/products/:id', async (request, response) => {
    const { id } = request.params;
    await answer(request, response, { name: nameOf(request), tags: [tagOf(id)] }, async () => {
      const product = await source.product(id);
      return product === null ? null : jsonAnswer(product);
    });
  });

  app.put('/products/:id', async (request, response) => {
    const { id } = request.params;
    const product = await forgetting([tagOf(id), lists], () => source.save(id, request.body as ProductInput));
    if (product === null) response.status(404).json({ title: 'Not Found' });
    else response.json(product);
  });

  app.get('/products/:id/picture', async (request, response) => {
    const { id } = request.params;
    await answer(request, response, { name: nameOf(request), tags: [tagOf(id)] }, async () => {
      const picture = await source.picture(id);
      return picture === null ? null : { type: 'image/png', body: Buffer.from(picture) };
    });
  });

  app.get('/welcome', async (request, response) => {
    const language = request.acceptsLanguages('en', 'de', 'fr') || 'en';
    const name = nameOf(request, request.get('Accept-Language') ?? null);
    response.vary('Accept-Language');
    await answer(request, response, { name, tags: [] }, async () => ({
      type: 'text/plain; charset=utf-8',
      body: Buffer.from(await source.welcome(language)),
    }));
  });

  app.get('/me/orders', async (request, response) => {
    const user = userOf(request);
    response.set('Cache-Control', 'private, no-store');
    if (user === null) response.status(401).set('WWW-Authenticate', 'Bearer').json({ title: 'Unauthorized' });
    else response.json(await source.orders(user));
  });

  /** Writes, then forgets, then lets the answer go out. A write that failed may have happened: it forgets as well. */
  async function forgetting<T>(tags: string[], write: () => Promise<T>): Promise<T> {
    try {
      return await write();
    } finally {
      await cache.forget(tags);
    }
  }

  return app;
}

/** A client that goes on trying, and that gives up a connection on which nothing comes back. */
function connect(address: string): Redis {
  const redis = new Redis(address, {
    maxRetriesPerRequest: 2,
    retryStrategy: (attempt) => Math.min(attempt * 50, 200),
    socketTimeout: 10_000,
  });
  redis.on('error', () => {}); // without a listener ioredis prints every failed connection
  return redis;
}

/**
 * What two requests must have in common to share an answer: the path, the parameters in any order, and what else the
 * answer depends on. Nothing is decoded: two spellings of one request are two names, and never two requests one name.
 */
function nameOf(request: Request, language?: string | null): string {
  const url = request.originalUrl;
  const mark = url.indexOf('?');
  const path = mark === -1 ? url : url.slice(0, mark);
  const parameters =
    mark === -1
      ? []
      : url
          .slice(mark + 1)
          .split('&')
          .filter((one) => one !== '');
  // By name only: parameters of the same name stay in the order in which they came.
  const nameIn = (parameter: string): string => parameter.split('=', 1)[0] ?? '';
  parameters.sort((a, b) => (nameIn(a) < nameIn(b) ? -1 : nameIn(a) > nameIn(b) ? 1 : 0));
  return JSON.stringify(language === undefined ? [path, parameters] : [path, parameters, language]);
}

function tagOf(id: string): string {
  return `product:${id}`;
}

function jsonAnswer(value: unknown): Answer {
  return { type: 'application/json; charset=utf-8', body: Buffer.from(JSON.stringify(value)) };
}

/** Who asks. A real API would check a token here (04-jwt); this one believes what it is told. */
function userOf(request: Request): string | null {
  const bearer = /^Bearer (\S+)$/i.exec(request.get('Authorization') ?? '');
  const session = /(?:^|; )session=([^;]+)/.exec(request.get('Cookie') ?? '');
  return bearer?.[1] ?? session?.[1] ?? null;
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
