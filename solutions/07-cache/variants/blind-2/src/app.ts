import express, { type Express, type Request } from 'express';
import { Redis } from 'ioredis';
import type { Clock } from './cache.ts';
import { answerCache } from './response-cache.ts';

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

/** Builds the app and does not start it. The routes work; what is wrong is how they are cached. */
export function createApp({ redis: address, source, ...limits }: Dependencies): Express {
  const redis = new Redis(address, {
    maxRetriesPerRequest: 0, // a command waits for the connection, but not for a second attempt
    retryStrategy: (times) => Math.min(times * 50, 500),
    socketTimeout: 5_000, // a connection that says nothing for so long is made anew
  });
  redis.on('error', () => {}); // without a listener ioredis prints every failed connection
  const app = express();
  app.use(express.json());
  const { keep, forget } = answerCache({ redis, userOf, ...limits });
  const lists = 'lists';
  const product = (id: string): string => `product ${id}`;
  const byId = (request: Request<{ id: string }>): string => product(request.params.id);

  app.get(
    '/products',
    keep(() => lists),
    async (request, response) => {
      const { category, sort } = request.query;
      response.json(await source.products({ category: textOrNull(category), sort: textOrNull(sort) }));
    },
  );

  app.post('/products', async (request, response) => {
    let added: Product | undefined;
    try {
      added = await source.add(request.body as ProductInput);
    } finally {
      await forget(lists, ...(added === undefined ? [] : [product(added.id)]));
    }
    response.status(201).json(added);
  });

  app.get('/products/:id', keep(byId), async (request, response) => {
    const found = await source.product(request.params.id);
    if (found === null) response.status(404).json({ title: 'Not Found' });
    else response.json(found);
  });

  app.put('/products/:id', async (request, response) => {
    let saved: Product | null;
    try {
      saved = await source.save(request.params.id, request.body as ProductInput);
    } finally {
      // Also when it fails: a source that says no may have done it.
      await forget(lists, byId(request));
    }
    if (saved === null) response.status(404).json({ title: 'Not Found' });
    else response.json(saved);
  });

  app.get('/products/:id/picture', keep(byId), async (request, response) => {
    const picture = await source.picture(request.params.id);
    if (picture === null) response.status(404).json({ title: 'Not Found' });
    else response.type('image/png').send(Buffer.from(picture));
  });

  app.get(
    '/welcome',
    keep(() => 'welcome', 'Accept-Language'),
    async (request, response) => {
      const language = request.acceptsLanguages('en', 'de', 'fr') || 'en';
      response
        .vary('Accept-Language')
        .type('text/plain')
        .send(await source.welcome(language));
    },
  );

  app.get('/me/orders', async (request, response) => {
    const user = userOf(request);
    if (user === null) response.status(401).set('WWW-Authenticate', 'Bearer').json({ title: 'Unauthorized' });
    else response.json(await source.orders(user));
  });

  return app;
}

/** Who asks. A real API would check a token here (04-jwt); this one believes what it is told. */
function userOf(request: Pick<Request, 'get'>): string | null {
  const bearer = /^Bearer (\S+)$/i.exec(request.get('Authorization') ?? '');
  const session = /(?:^|; )session=([^;]+)/.exec(request.get('Cookie') ?? '');
  return bearer?.[1] ?? session?.[1] ?? null;
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
