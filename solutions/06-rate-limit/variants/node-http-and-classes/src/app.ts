import { createServer, type Server } from 'node:http';
import { Exchange, Refusal } from './http.ts';
import { ImpatientStore, StoreDown } from './impatient-store.ts';
import { tokenBucket, type Decision } from './limiters.ts';
import { LoginGuard } from './login-guard.ts';
import { MemoryStore, type Store } from './store.ts';

export interface Dependencies {
  clock: { now(): number; sleep(ms: number): Promise<void> };
  store?: Store;
  verify: (account: string, password: string) => Promise<'ok' | 'wrong-password' | 'no-such-account'>;
  limit: number;
  windowMs: number;
  trustedProxies?: number;
  apiKeys?: ReadonlyMap<string, string>;
  storeTimeoutMs?: number;
  maxKeys?: number;
}

class Api {
  readonly #dependencies: Dependencies;
  readonly #store: Store;
  readonly #items: { text: string }[] = [];

  constructor(dependencies: Dependencies) {
    const { clock, store, storeTimeoutMs = 250, maxKeys = 10_000 } = dependencies;
    this.#dependencies = dependencies;
    this.#store =
      store === undefined
        ? new MemoryStore(clock, maxKeys)
        : new ImpatientStore(store, (ms) => clock.sleep(ms), storeTimeoutMs);
  }

  async answer(exchange: Exchange): Promise<void> {
    try {
      switch (exchange.path) {
        case '/health':
          return exchange.send(200, { status: 'ok' });
        case '/items':
          return await this.#itemsAnswer(exchange);
        case '/login':
          return await this.#loginAnswer(exchange);
        default:
          throw new Refusal(404, 'unknown path');
      }
    } catch (error) {
      if (error instanceof Refusal) return exchange.send(error.status, { error: error.message });
      if (error instanceof StoreDown) return exchange.send(503, { error: 'try again later' });
      throw error;
    }
  }

  async #itemsAnswer(exchange: Exchange): Promise<void> {
    await this.#pay(exchange);
    switch (exchange.method) {
      case 'GET':
      case 'HEAD':
        return exchange.send(200, { items: this.#items });
      case 'POST': {
        const { text } = await exchange.body();
        if (typeof text !== 'string') throw new Refusal(422, 'no text');
        this.#items.push({ text });
        return exchange.send(201, { text });
      }
      default:
        exchange.set('Allow', 'GET, HEAD, POST');
        throw new Refusal(405, 'no such method');
    }
  }

  async #loginAnswer(exchange: Exchange): Promise<void> {
    if (exchange.method !== 'POST') {
      exchange.set('Allow', 'POST');
      throw new Refusal(405, 'no such method');
    }
    const { account, password } = await exchange.body();
    if (typeof account !== 'string' || typeof password !== 'string')
      throw new Refusal(422, 'two strings, please');
    const { clock, verify } = this.#dependencies;
    const guard = new LoginGuard(this.#store, clock, account, this.#address(exchange));
    const waitMs = await guard.begin();
    if (waitMs > 0) return this.#refuse(exchange, waitMs);
    if ((await verify(account, password)) !== 'ok') throw new Refusal(401, 'wrong account or password');
    await guard.succeeded();
    exchange.send(200, { account });
  }

  async #pay(exchange: Exchange): Promise<void> {
    const { clock, limit, windowMs } = this.#dependencies;
    let decision: Decision;
    try {
      const bucket = {
        store: this.#store,
        clock,
        capacity: limit,
        refillPerSecond: (limit * 1000) / windowMs,
      };
      decision = await tokenBucket(bucket, this.#payer(exchange));
    } catch (error) {
      if (error instanceof StoreDown) return;
      throw error;
    }
    const fullInMs = ((limit - decision.remaining) * windowMs) / limit;
    const resetMs = decision.allowed ? fullInMs : decision.retryAfterMs;
    exchange.set('RateLimit-Limit', `${limit}`);
    exchange.set('RateLimit-Remaining', `${decision.remaining}`);
    exchange.set('RateLimit-Reset', `${Math.ceil(resetMs / 1000)}`);
    if (decision.allowed) return;
    exchange.set('Retry-After', this.#date(decision.retryAfterMs));
    throw new Refusal(429, 'too many requests');
  }

  #refuse(exchange: Exchange, waitMs: number): void {
    exchange.set('Retry-After', this.#date(waitMs));
    exchange.send(429, { error: 'too many failures' });
  }

  /** The first whole second after so many milliseconds, as HTTP writes dates. */
  #date(waitMs: number): string {
    const then = this.#dependencies.clock.now() + waitMs;
    return new Date(Math.ceil(then / 1000) * 1000).toUTCString();
  }

  #payer(exchange: Exchange): string {
    const user = this.#dependencies.apiKeys?.get(exchange.header('x-api-key') ?? '');
    return user === undefined ? `address ${this.#address(exchange)}` : `user ${user}`;
  }

  #address(exchange: Exchange): string {
    const proxies = this.#dependencies.trustedProxies ?? 0;
    const entries = (exchange.header('x-forwarded-for') ?? '').split(',').map((entry) => entry.trim());
    return (proxies > 0 && entries.at(-proxies)) || exchange.socketAddress;
  }
}

export function createApp(dependencies: Dependencies): Server {
  const api = new Api(dependencies);
  return createServer((request, response) => {
    api.answer(new Exchange(request, response)).catch((error: unknown) => {
      console.error(error);
      if (response.headersSent) response.destroy();
      else response.writeHead(500).end();
    });
  });
}
