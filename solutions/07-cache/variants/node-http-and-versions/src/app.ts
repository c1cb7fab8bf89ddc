import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { AnswerShelf, type Answer } from './answer-shelf.ts';
import { preferredLanguage } from './language.ts';
import type { Clock } from './time-limit.ts';

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

const JSON_TYPE = 'application/json; charset=utf-8';
const json = (status: number, value: unknown): Answer => ({
  status,
  type: JSON_TYPE,
  body: Buffer.from(JSON.stringify(value)),
});
const found = (value: unknown): Answer =>
  value === null ? json(404, { title: 'Not Found' }) : json(200, value);

export function createApp({ redis, source, clock, ttlMs, timeoutMs }: Dependencies): Server {
  const shelf = new AnswerShelf(redis, clock, ttlMs, timeoutMs);
  const shop = new Shop(source, shelf);
  const server = createServer((request, response) => void shop.serve(request, response));
  return server.on('close', () => shelf.close());
}

class Shop {
  readonly #source: Source;
  readonly #shelf: AnswerShelf;

  constructor(source: Source, shelf: AnswerShelf) {
    this.#source = source;
    this.#shelf = shelf;
  }

  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const answer = await this.#route(request, response).catch(() =>
      json(500, { title: 'Internal Server Error' }),
    );
    response.writeHead(answer.status, { 'Content-Type': answer.type, 'Content-Length': answer.body.length });
    response.end(request.method === 'HEAD' ? undefined : answer.body);
  }

  async #route(request: IncomingMessage, response: ServerResponse): Promise<Answer> {
    const [rawPath = '/', rawQuery = ''] = (request.url ?? '/').split(/\?(.*)/s);
    const [first, second, third, ...rest] = rawPath.split('/').slice(1).map(decodeURIComponent);
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    if (rest.length > 0) return found(null);

    if (first === 'products' && second === undefined) {
      if (request.method === 'POST') return await this.#add(request);
      if (isRead) return await this.#list(request, rawQuery);
    }
    if (first === 'products' && second) {
      if (third === undefined && request.method === 'PUT') return await this.#save(request, second);
      if (third === undefined && isRead) {
        return await this.#read(request, ['product', second], rawQuery, [`product ${second}`], async () =>
          found(await this.#source.product(second)),
        );
      }
      if (third === 'picture' && isRead) return await this.#picture(request, second, rawQuery);
    }
    if (first === 'welcome' && second === undefined && isRead) {
      response.setHeader('Vary', 'Accept-Language');
      return await this.#welcome(request, rawQuery);
    }
    if (first === 'me' && second === 'orders' && third === undefined && isRead) {
      const user = userOf(request);
      if (user !== null) return json(200, await this.#source.orders(user));
      response.setHeader('WWW-Authenticate', 'Bearer');
      return json(401, { title: 'Unauthorized' });
    }
    return found(null);
  }

  async #list(request: IncomingMessage, query: string): Promise<Answer> {
    const parameters = new URLSearchParams(query);
    const filter = { category: parameters.get('category'), sort: parameters.get('sort') };
    return await this.#read(request, ['list'], query, ['lists'], async () =>
      json(200, await this.#source.products(filter)),
    );
  }

  async #picture(request: IncomingMessage, id: string, query: string): Promise<Answer> {
    return await this.#read(request, ['picture', id], query, [`product ${id}`], async () => {
      const bytes = await this.#source.picture(id);
      return bytes === null ? found(null) : { status: 200, type: 'image/png', body: Buffer.from(bytes) };
    });
  }

  async #welcome(request: IncomingMessage, query: string): Promise<Answer> {
    const accepted = request.headers['accept-language'];
    return await this.#read(request, ['welcome', accepted ?? null], query, [], async () => ({
      status: 200,
      type: 'text/plain; charset=utf-8',
      body: Buffer.from(await this.#source.welcome(preferredLanguage(accepted, ['en', 'de', 'fr']))),
    }));
  }

  async #add(request: IncomingMessage): Promise<Answer> {
    const product = await this.#source.add((await bodyOf(request)) as ProductInput);
    await this.#shelf.outdate(['lists', `product ${product.id}`]);
    return json(201, product);
  }

  async #save(request: IncomingMessage, id: string): Promise<Answer> {
    const input = (await bodyOf(request)) as ProductInput;
    try {
      return found(await this.#source.save(id, input));
    } finally {
      // also when it failed: nobody knows how far the source came
      await this.#shelf.outdate(['lists', `product ${id}`]);
    }
  }

  /** From the shelf, for a GET that names no user; else made for this request alone. */
  async #read(
    request: IncomingMessage,
    resource: (string | null)[],
    query: string,
    tags: string[],
    make: () => Promise<Answer>,
  ): Promise<Answer> {
    if (request.method !== 'GET' || userOf(request) !== null) return await make();
    const parameters = new URLSearchParams(query);
    parameters.sort();
    return await this.#shelf.answer(JSON.stringify([resource, [...parameters]]), tags, make);
  }
}

function userOf(request: IncomingMessage): string | null {
  const bearer = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '');
  const cookies = (request.headers.cookie ?? '').split(';').map((cookie) => cookie.trim());
  const session = cookies.find((cookie) => cookie.startsWith('session='))?.slice('session='.length);
  return bearer?.[1] ?? (session ? session : null);
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return JSON.parse(Buffer.concat(chunks).toString('utf8'));
}
