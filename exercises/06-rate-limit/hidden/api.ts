// canary 00e399b49ca9f37f99ef3865
import { clock, played } from '#suite';
import type { Answer, App, Played, Trial } from '#suite';
import { SharedStore } from './store.ts';

/** The times of the contract. */
export const FAILURE_WINDOW_MS = 15 * 60 * 1000;
export const STORE_TIMEOUT_MS = 100;

export type Login = { account: string; password: string };

/** The app on a store that the suite plays, with people who can log in. */
export class Service {
  readonly store: SharedStore;
  readonly limit: number;
  readonly windowMs: number;
  readonly verify: Played;
  private readonly t: Trial;
  private readonly passwords = new Map<string, string>();
  private addresses = 0;
  /** What the clock says, in milliseconds since 1970. */
  now: number;

  constructor(t: Trial, { limit = t.random.integer(3, 6) }: { limit?: number } = {}) {
    this.t = t;
    this.now = t.now;
    this.limit = limit;
    this.windowMs = t.random.pick([30_000, 60_000]);
    this.store = new SharedStore(t);
    this.verify = t.play('verify').answers(([account, password]) => {
      const known = this.passwords.get(account as string);
      if (known === undefined) return 'no-such-account';
      return known === password ? 'ok' : 'wrong-password';
    });
  }

  /** `host`: in a process of its own. `own`: without a store from outside. */
  async open(
    more: Record<string, unknown> = {},
    { host = 1, own = false }: { host?: number; own?: boolean } = {},
  ): Promise<App> {
    const deps = {
      clock: clock(),
      verify: played('verify'),
      limit: this.limit,
      windowMs: this.windowMs,
      storeTimeoutMs: STORE_TIMEOUT_MS,
      ...(own ? {} : { store: this.store.dependency }),
      ...more,
    };
    return await this.t.serve('createApp', [deps], { host });
  }

  /** Time goes on, for the program and for its store. */
  async pass(ms: number): Promise<void> {
    this.now += ms;
    this.store.pass(ms);
    await this.t.clock.advance(ms);
  }

  /** Moves on to where windows of this length begin, if they lie at multiples of it; other windows begin anywhere. */
  async toWindowStart(windowMs: number): Promise<void> {
    await this.pass(windowMs - (this.now % windowMs) + 5);
  }

  /** Somebody who can log in. */
  person(): Login {
    const login = { account: this.t.random.word(), password: this.t.random.word(12) };
    this.passwords.set(login.account, login.password);
    return login;
  }

  /** Somebody whom nobody knows. */
  stranger(): Login {
    return { account: this.t.random.word(), password: this.t.random.word(12) };
  }

  /** An address that nobody has used yet (RFC 5737). */
  address(): string {
    return `203.0.113.${++this.addresses}`;
  }

  /** `limit` requests are served, and the one after them is refused. */
  async mustLimit(app: App, headers: Record<string, string> = {}): Promise<Answer> {
    for (let i = 1; i <= this.limit; i++)
      await this.mustServe(app, headers, `request ${i} of ${this.limit} is served`);
    return await this.mustRefuse(app, headers, `429 after ${this.limit} requests`);
  }

  async mustServe(app: App, headers: Record<string, string>, what: string): Promise<Answer> {
    const answer = await app.get('/items', { headers });
    return answer.must(`${what}: 200`, ({ status }) => status === 200);
  }

  async mustRefuse(app: App, headers: Record<string, string>, expected = '429'): Promise<Answer> {
    const answer = await app.get('/items', { headers });
    return answer.must(expected, ({ status }) => status === 429);
  }
}

/** The address as proxies of ours would write it down. */
export function from(...addresses: string[]): Record<string, string> {
  return { 'X-Forwarded-For': addresses.join(', ') };
}

/** How long Retry-After says to wait, in milliseconds: whole seconds or a date (RFC 9110 §10.2.3). */
export function retryAfterMs(answer: Answer, { now }: Service, longestMs: number): number {
  const value = answer.header('retry-after') ?? '';
  const wait = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - now;
  const expected = `Retry-After: seconds, from 1 up to ${longestMs / 1000}`;
  answer.must(expected, () => wait > 0 && wait <= longestMs);
  return wait;
}

export async function login(app: App, json: Login, headers: Record<string, string> = {}): Promise<Answer> {
  return await app.post('/login', { json, headers });
}

export function guess(person: Login, password = 'a guess'): Login {
  return { ...person, password };
}
