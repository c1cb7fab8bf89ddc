import express, { type Express, type Request, type Response } from 'express';
import { remembering } from './remembering.ts';
import type { Clock } from './waiting.ts';

export type Product = { id: string; name: string; category: string; price: number };
export type ProductInput = Omit<Product, 'id'>;
export type Source = {
  product(id: string): Promise<Product | null>;
  products(filter: { category: string | null; sort: string | null }): Promise<Product[]>;
  picture(id: string): Promise<Uint8Array | null>;
  welcome(language: string): Promise<string>;
  orders(user: string): Promise<unknown[]>;
  add(input: ProductInput): Promise<Product>;
  save(id: string, input: ProductInput): Promise<Product | null>;
};
export type Dependencies = {
  redis: string;
  source: Source;
  clock: Clock;
  ttlMs: number;
  timeoutMs: number;
};

export function createApp({ redis, source, clock, ttlMs }: Dependencies): Express {
  const shared = remembering(source, redis, clock, ttlMs);
  /** What everybody may see comes from the shared memory, unless somebody asks by name or only for the head. */
  const sourceFor = (request: Request): Source =>
    request.method === 'GET' && userOf(request) === null ? shared : source;

  const app = express();
  app.use(express.json());

  app.get('/products', async (request, response) => {
    const { category, sort } = request.query;
    response.json(
      await sourceFor(request).products({ category: textOrNull(category), sort: textOrNull(sort) }),
    );
  });
  app.post('/products', async (request, response) => {
    response.status(201).json(await shared.add(request.body as ProductInput));
  });
  app.get('/products/:id', async (request, response) => {
    sendFound(response, await sourceFor(request).product(request.params.id));
  });
  app.put('/products/:id', async (request, response) => {
    sendFound(response, await shared.save(request.params.id, request.body as ProductInput));
  });
  app.get('/products/:id/picture', async (request, response) => {
    const picture = await sourceFor(request).picture(request.params.id);
    if (picture === null) sendFound(response, null);
    else response.type('image/png').send(Buffer.from(picture));
  });
  app.get('/welcome', async (request, response) => {
    const language = request.acceptsLanguages('en', 'de', 'fr') || 'en';
    const text = await sourceFor(request).welcome(language);
    response.vary('Accept-Language').type('text/plain').send(text);
  });
  app.get('/me/orders', async (request, response) => {
    const user = userOf(request);
    if (user === null) response.status(401).set('WWW-Authenticate', 'Bearer').json({ title: 'Unauthorized' });
    else response.json(await source.orders(user));
  });
  return app;
}

function sendFound(response: Response, value: unknown): void {
  if (value === null) response.status(404).json({ title: 'Not Found' });
  else response.json(value);
}

function userOf(request: Request): string | null {
  const bearer = /^Bearer (\S+)$/i.exec(request.get('Authorization') ?? '');
  const session = /(?:^|;)\s*session=([^;]+)/.exec(request.get('Cookie') ?? '');
  return bearer?.[1] ?? session?.[1] ?? null;
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
