// canary 6e1d58b0c92fa7743fd20c1e
import { clock, eventually, played, redis, same, show, Unmet } from '#suite';
import type { Answer, App, Played, Trial } from '#suite';
import { calls } from './stage.ts';

export const TTL = 120_000;
export const TIMEOUT = 50;

export type Product = { id: string; name: string; category: string; price: number };

/** The source behind the API, played by the suite. */
export class Shop {
  readonly products = new Map<string, Product>();
  readonly pictures = new Map<string, Buffer>();
  readonly t: Trial;
  private count = 0;

  constructor(t: Trial) {
    this.t = t;
    this.works();
  }

  works(): void {
    this.asked('product').answers(([id]) => this.products.get(String(id)) ?? null);
    this.asked('products').answers(([filter]) => {
      const { category, sort } = (filter ?? {}) as { category: string | null; sort: string | null };
      const found = [...this.products.values()].filter(
        (each) => category === null || each.category === category,
      );
      return sort === 'price' ? found.toSorted((a, b) => a.price - b.price) : found;
    });
    this.asked('picture').answers(([id]) => this.pictures.get(String(id)) ?? null);
    this.asked('welcome').answers(([language]) => `welcome in ${String(language)} — willkommen, señor`);
    this.asked('orders').answers(([user]) => [{ user, secret: `of ${String(user)}` }]);
    this.asked('add').answers(([input]) => this.put(`new${++this.count}`, input));
    this.asked('save').answers(([id, input]) =>
      this.products.has(String(id)) ? this.put(String(id), input) : null,
    );
  }

  asked(name: string): Played {
    return this.t.play(name);
  }

  put(id: string, input: unknown): Product {
    const product = { ...(input as Product), id };
    this.products.set(id, product);
    return product;
  }

  /** A product that was not there before. */
  stock(more: Partial<Product> = {}): Product {
    const { random } = this.t;
    return this.put(`p${++this.count}`, inputOf(this.t, { name: random.word(), ...more }));
  }
}

export function inputOf({ random }: Trial, more: Partial<Product> = {}): Record<string, unknown> {
  return { name: random.word(), category: 'kitchen', price: random.integer(1_000, 9_999), ...more };
}

const NAMES = ['product', 'products', 'picture', 'welcome', 'orders', 'add', 'save'];

export async function openApi(t: Trial): Promise<App> {
  const source = Object.fromEntries(NAMES.map((name) => [name, played(name)]));
  return await t.serve('createApp', [
    { redis: redis(), source, clock: clock(), ttlMs: TTL, timeoutMs: TIMEOUT },
  ]);
}

/** How long a program may take to store an answer, in milliseconds, and more: the machine may be slow. */
const WITHIN = 750;

/** What an answer has to be. */
export type Expected = { status: number; type: string; body: unknown };

export function mustBe(answer: Answer, { status, type, body }: Expected): Answer {
  const bytes = body instanceof Uint8Array;
  const text =
    typeof body === 'string'
      ? JSON.stringify(body)
      : bytes
        ? `${body.length} bytes as they were`
        : show(body);
  return answer.must(`${status}, ${type} and ${text}`, () => {
    const got = bytes ? answer.body : typeof body === 'string' ? answer.text : answer.json;
    return answer.status === status && answer.mediaType === type && same(got, body);
  });
}

export function json(body: unknown, status = 200): Expected {
  return { status, type: 'application/json', body };
}

type Headers = Readonly<Record<string, string>>;

/** Reads until an answer comes without the source; each has to be right. What is stored may be stored a moment later. */
export async function mustBeCached(
  app: App,
  target: string,
  source: Played,
  expected: Expected,
  headers: Headers = {},
): Promise<void> {
  const read = async (): Promise<{ answer: Answer; cached: boolean }> => {
    const before = source.calls.length;
    const answer = mustBe(await app.get(target, { headers }), expected);
    return { answer, cached: source.calls.length === before };
  };
  const first = await read();
  const type = first.answer.header('content-type') ?? '';
  let last = first;
  const again = async (): Promise<boolean> => {
    last = await read();
    last.answer.must(
      `Content-Type: ${type}, as the first time`,
      () => last.answer.header('content-type') === type,
    );
    return last.cached;
  };
  if ((await again()) || (await eventually(again, WITHIN))) return;
  const { exchange } = last.answer;
  throw new Unmet({
    expected: `the answer of before, without a call of source.${source.name}`,
    got: 'every read asks the source again',
    sent: `GET ${target}, again and again`,
    exchange,
  });
}

/** An answer that needs the source: nothing that is cached may stand for it. */
export async function mustAsk(
  app: App,
  target: string,
  source: Played,
  expected: Expected,
  headers: Headers = {},
): Promise<void> {
  const before = source.calls.length;
  const answer = mustBe(await app.get(target, { headers }), expected);
  if (source.calls.length > before) return;
  throw answer.unmet(`an answer of the source (${calls(1, `source.${source.name}`)})`);
}

/** An answer while Redis is out of order: the clock is moved on until it comes. */
export async function served(t: Trial, asking: Promise<Answer>): Promise<Answer> {
  let done = false;
  const watched = asking.finally(() => (done = true));
  watched.catch(() => {});
  const moved = async (): Promise<boolean> => {
    if (!done) await t.clock.advance(TIMEOUT);
    return done;
  };
  // Most have their answer after a few turns of their event loop; who waits for something else is waited for.
  for (let tries = 0; tries < 20 && !(await moved()); tries++) await t.settle();
  if (!done) await eventually(moved, t.patience * 2);
  return await watched;
}

export function mustHold(holds: boolean, expected: string, got: string): void {
  if (!holds) throw new Unmet({ expected, got });
}
