import type { Exchange } from '../verdict/verdict.ts';
import { includes } from './equal.ts';
import { cut, quote, show } from './show.ts';
import { Unmet } from './unmet.ts';

/** Headers worth a look when an answer is not what a rule asks for. */
const TELLING = [
  'content-type',
  'content-length',
  'location',
  'allow',
  'www-authenticate',
  'retry-after',
  'connection',
];

/** One HTTP answer as plain data. Header names are in lower case; a header that came more than once is joined by `, `. */
export class Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly exchange: Exchange;

  constructor(status: number, headers: Record<string, string>, body: Buffer, exchange: Exchange) {
    this.status = status;
    this.headers = headers;
    this.body = body;
    this.exchange = exchange;
  }

  get text(): string {
    return this.body.toString('utf8');
  }

  /** The body as JSON, or undefined when it is none. */
  get json(): unknown {
    try {
      return JSON.parse(this.text) as unknown;
    } catch {
      return undefined;
    }
  }

  header(name: string): string | null {
    const key = name.toLowerCase();
    return Object.hasOwn(this.headers, key) ? (this.headers[key] as string) : null;
  }

  /** Type and subtype of the body, in lower case, without parameters (RFC 9110 §8.3.1). */
  get mediaType(): string | null {
    return this.header('content-type')?.split(';')[0]?.trim().toLowerCase() ?? null;
  }

  /** `application/json` or a type whose structure is JSON (RFC 6839 §3.1). */
  get isJson(): boolean {
    return this.mediaType === 'application/json' || (this.mediaType?.endsWith('+json') ?? false);
  }

  /** The members of a list header such as Allow, trimmed (RFC 9110 §5.6.1). */
  list(name: string): string[] {
    const value = this.header(name);
    return value === null
      ? []
      : value
          .split(',')
          .map((item) => item.trim())
          .filter((item) => item !== '');
  }

  /** Ends the rule unless `holds`. `expected` is a sentence for the learner. A claim that throws does not hold. */
  must(expected: string, holds: (answer: this) => boolean): this {
    let kept: boolean;
    try {
      kept = holds(this);
    } catch {
      kept = false;
    }
    if (!kept) throw this.unmet(expected);
    return this;
  }

  mustBe(status: number): this {
    return this.must(`status ${status}`, () => this.status === status);
  }

  /** Any status from 400 to 499. */
  mustRefuse(): this {
    return this.must('a status from 400 to 499', () => this.status >= 400 && this.status < 500);
  }

  /** JSON with at least these members; more are free. */
  mustHaveJson(status: number, part: unknown): this {
    return this.must(
      `${status} and JSON with ${show(part)}`,
      () => this.status === status && this.isJson && includes(this.json, part),
    );
  }

  unmet(expected: string): Unmet {
    return new Unmet({
      expected,
      got: this.describe(),
      sent: describeSent(this.exchange),
      exchange: this.exchange,
    });
  }

  /** Status, telling headers and the beginning of the body. */
  describe(): string {
    const headers = TELLING.filter((name) => this.header(name) !== null).map(
      (name) => `${name}: ${this.header(name) ?? ''}`,
    );
    const body = this.body.length === 0 ? 'no body' : quote(cut(this.text, 300));
    return cut([String(this.status), ...headers, body].join(' · '), 800);
  }
}

/** The request in one line. */
export function describeSent(exchange: Exchange): string {
  if (exchange.raw !== null) return exchange.raw;
  const headers = exchange.headers.map(([name, value]) => `${name}: ${value}`);
  const body = exchange.body === null ? [] : [quote(cut(exchange.body, 200))];
  return cut([`${exchange.method} ${exchange.target}`, ...headers, ...body].join('   '), 600);
}
