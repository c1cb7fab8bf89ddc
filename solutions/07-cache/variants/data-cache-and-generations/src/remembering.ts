import { Redis } from 'ioredis';
import type { Source } from './app.ts';
import type { Clock } from './waiting.ts';

type Codec<T> = { pack(value: T): unknown; unpack(data: unknown): T | undefined };

const asIs = <T>(isOne: (data: unknown) => boolean): Codec<T> => ({
  pack: (value) => value,
  unpack: (data) => (isOne(data) ? (data as T) : undefined),
});
const isRecord = (data: unknown): boolean =>
  typeof data === 'object' && data !== null && !Array.isArray(data);
const bytes: Codec<Uint8Array> = {
  pack: (value) => Buffer.from(value).toString('base64'),
  unpack: (data) => (typeof data === 'string' ? Buffer.from(data, 'base64') : undefined),
};

/** One place in Redis for one piece of data. */
type Place = { read(): Promise<string | null>; write(text: string): Promise<unknown> };

/** A source that asks Redis first. What changes data forgets it there before it comes back. */
export function remembering(source: Source, address: string, clock: Clock, ttlMs: number): Source {
  const redis = new Redis(address, {
    commandTimeout: 500,
    enableOfflineQueue: true,
    maxRetriesPerRequest: 3,
    retryStrategy: (times) => Math.min(times * 20, 200),
  });
  redis.on('error', () => {}); // every command says itself that it failed

  const single = (key: string): Place => ({
    read: () => redis.get(key),
    write: (text) => redis.set(key, text, 'PX', ttlMs),
  });
  const fieldOf = (hash: string, field: string): Place => ({
    read: () => redis.hget(hash, field),
    write: (text) => redis.multi().hset(hash, field, text).pexpire(hash, ttlMs).exec(),
  });

  async function remembered<T>(place: Place, codec: Codec<T>, ask: () => Promise<T>): Promise<T> {
    const text = await place.read().catch(() => null);
    const known = unpacked(text, codec);
    if (known !== undefined) return known;
    const value = await ask();
    if (value !== null) {
      const kept = JSON.stringify({ end: clock.now() + ttlMs, data: codec.pack(value) });
      place.write(kept).catch(() => {}); // the answer need not wait for it
    }
    return value;
  }

  function unpacked<T>(text: unknown, codec: Codec<T>): T | undefined {
    try {
      const { end, data } = JSON.parse(String(text)) as { end: unknown; data: unknown };
      return typeof end === 'number' && end > clock.now() ? codec.unpack(data) : undefined;
    } catch {
      return undefined;
    }
  }

  const orNull = <T>(codec: Codec<T>): Codec<T | null> => codec as Codec<T | null>;
  const forget = (id: string): Promise<unknown> =>
    redis.del('lists', `product:${id}`, `picture:${id}`).catch(() => null);

  return {
    ...source,
    product: (id) => remembered(single(`product:${id}`), asIs(isRecord), () => source.product(id)),
    picture: (id) => remembered(single(`picture:${id}`), orNull(bytes), () => source.picture(id)),
    products: (filter) =>
      remembered(fieldOf('lists', JSON.stringify([filter.category, filter.sort])), asIs(Array.isArray), () =>
        source.products(filter),
      ),
    welcome: (language) =>
      remembered(
        single(`welcome:${language}`),
        asIs((data) => typeof data === 'string'),
        () => source.welcome(language),
      ),
    async add(input) {
      const product = await source.add(input);
      await forget(product.id);
      return product;
    },
    async save(id, input) {
      const product = await source.save(id, input);
      await forget(id);
      return product;
    },
  };
}
