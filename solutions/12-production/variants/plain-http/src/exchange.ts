import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Journal } from './journal.ts';

const MOST_BYTES = 100_000;

/** An answer that is given on purpose, thrown from wherever it becomes clear. */
export class Refusal extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** One request and its answer. */
export class Exchange {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly journal: Journal;
  readonly request: IncomingMessage;
  private readonly response: ServerResponse;
  /** What came from the client and may not be logged. */
  private readonly secrets = new Set<string>();

  constructor(request: IncomingMessage, response: ServerResponse, journal: Journal) {
    this.request = request;
    this.response = response;
    this.method = request.method ?? '';
    [this.path = ''] = (request.url ?? '').split('?');
    const offered = request.headers['x-request-id'];
    this.id = typeof offered === 'string' && /^[\w.-]{1,64}$/.test(offered) ? offered : randomUUID();
    this.journal = journal.about({ requestId: this.id });
    response.setHeader('x-request-id', this.id);
    const { authorization = '', cookie = '' } = request.headers;
    const [, query = ''] = /\?(.*)/s.exec(request.url ?? '') ?? [];
    for (const word of `${authorization} ${cookie} ${query}`.split(/[\s;&=]+/)) this.secrets.add(word);
  }

  get status(): number {
    return this.response.statusCode;
  }

  json(status: number, body: unknown): void {
    this.send(status, 'application/json', JSON.stringify(body));
  }

  send(status: number, type: string, body: string): void {
    if (this.response.headersSent) return;
    this.response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(body) });
    this.response.end(this.method === 'HEAD' ? undefined : body);
  }

  header(name: string, value: string): void {
    this.response.setHeader(name, value);
  }

  /** The body as JSON. What is no JSON is refused, and nothing of it is repeated. */
  async body(): Promise<unknown> {
    const pieces: Buffer[] = [];
    let bytes = 0;
    for await (const piece of this.request as AsyncIterable<Buffer>) {
      bytes += piece.length;
      if (bytes > MOST_BYTES) throw new Refusal(400, 'the body is too long');
      pieces.push(piece);
    }
    try {
      return JSON.parse(Buffer.concat(pieces).toString('utf8'), (_key, value: unknown) => {
        if (typeof value === 'string') this.secrets.add(value);
        return value;
      }) as unknown;
    } catch {
      throw new Refusal(400, 'the body is no JSON');
    }
  }

  /** A text for the log, without what the client sent and without `more`. */
  censored(text: string, ...more: string[]): string {
    let left = text;
    const words = [...this.secrets, ...more].filter((word) => word.length > 3);
    for (const word of words.toSorted((a, b) => b.length - a.length))
      left = left.replaceAll(word, () => '***');
    return left;
  }
}
