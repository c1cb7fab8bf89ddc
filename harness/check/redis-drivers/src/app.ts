import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { Redis } from 'ioredis';

/** GET /KEY reads a key, PUT /KEY?VALUE writes it for ten seconds. 502 when Redis fails. */
export function createApp({ redis: url }: { redis: string }): Server {
  const redis = new Redis(url, { maxRetriesPerRequest: 0, retryStrategy: () => null });
  redis.on('error', () => {});
  return createServer((request, response) => {
    const [key = '', value = ''] = (request.url ?? '').slice(1).split('?');
    const work = request.method === 'PUT' ? redis.set(key, value, 'EX', 10) : redis.get(key);
    work.then(
      (answer) => response.end(String(answer)),
      () => response.writeHead(502).end(),
    );
  });
}

/** An object whose methods know each other. */
export class Counter {
  private count = 0;
  add(by: number): number {
    this.count += by;
    return this.count;
  }
  async slowly(load: () => Promise<number>): Promise<number> {
    return this.add(await load());
  }
}

export function createCounter(from: number): Counter {
  const counter = new Counter();
  counter.add(from);
  return counter;
}
