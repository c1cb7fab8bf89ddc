import express, { type Express, type Request } from 'express';
import { ResponseCache } from './response-cache.ts';
import type { Clock } from './time.ts';

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

/** Builds the app and does not start it. Products are cached, what belongs to one user is not. */
export function createApp({ redis: address, source, clock, ttlMs, timeoutMs }: Dependencies): Express {
  const cache = new ResponseCache({ address, clock, ttlMs, timeoutMs });
  const lists = cache.answers(() => LISTS);
  const items = cache.answers<{ id: string }>(({ params }) => itemGroup(params.id));
  const welcomes = cache.answers(() => 'welcome', ['Accept-Language']);
  const app = express();
  app.use(express.json());

  app.get('/products', lists, async (request, response) => {
    const { category, sort } = request.query;
    response.json(await source.products({ category: textOrNull(category), sort: textOrNull(sort) }));
  });

  app.post('/products', async (request, response) => {
    const product = await source.add(request.body as ProductInput);
    await cache.changed(LISTS, itemGroup(product.id));
    response.status(201).json(product);
  });

  app.get('/products/:id', items, async (request, response) => {
    const product = await source.product(request.params.id);
    if (product === null) response.status(404).json({ title: 'Not Found' });
    else response.json(product);
  });

  app.put('/products/:id', async (request, response) => {
    const { id } = request.params;
    const product = await source.save(id, request.body as ProductInput);
    // First the source, then the cache: the other way round a reader in between would cache the old product again.
    if (product !== null) await cache.changed(LISTS, itemGroup(id));
    if (product === null) response.status(404).json({ title: 'Not Found' });
    else response.json(product);
  });

  app.get('/products/:id/picture', items, async (request, response) => {
    const picture = await source.picture(request.params.id);
    if (picture === null) response.status(404).json({ title: 'Not Found' });
    else response.type('image/png').send(Buffer.from(picture));
  });

  app.get('/welcome', welcomes, async (request, response) => {
    const language = request.acceptsLanguages('en', 'de', 'fr') || 'en';
    response
      .vary('Accept-Language')
      .type('text/plain')
      .send(await source.welcome(language));
  });

  app.get('/me/orders', async (request, response) => {
    const user = userOf(request);
    if (user === null) response.status(401).set('WWW-Authenticate', 'Bearer').json({ title: 'Unauthorized' });
    else response.json(await source.orders(user));
  });

  return app;
}

const LISTS = 'products';

function itemGroup(id: string): string {
  return `product:${id}`;
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
