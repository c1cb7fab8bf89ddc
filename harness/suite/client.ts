import type { IncomingMessage } from 'node:http';
import supertest from 'supertest';
import type { Exchange } from '../verdict/verdict.ts';
import { Answer, describeSent } from './answer.ts';
import type { Outgoing } from './gate.ts';
import { Unmet } from './unmet.ts';

/** The largest answer that is read, in bytes. */
export const ANSWER_LIMIT = 1 << 20;

export type RequestOptions = {
  headers?: Readonly<Record<string, string>>;
  /** Sent as it is; a plain value is sent as JSON with its media type. */
  body?: string | Buffer;
  json?: unknown;
};

/** The ways a request can fail to bring an answer. */
export type NoAnswer = { kind: 'no-answer'; why: string; hung: boolean; exchange: Exchange };

/**
 * One ordinary request. Supertest does the talking; redirects are not followed, and bodies are read by our own few lines
 * (superagent otherwise writes multipart answers to disk and inflates whatever comes). `depart`: asked right before it
 * leaves; see `Gate`.
 */
export async function sendRequest(
  base: string,
  method: string,
  target: string,
  options: RequestOptions,
  within: number,
  depart: (outgoing: Outgoing) => Promise<never> | null = () => null,
): Promise<Answer | NoAnswer> {
  const body = options.json === undefined ? options.body : JSON.stringify(options.json);
  const headers: Record<string, string> = {
    ...(options.json === undefined ? {} : { 'Content-Type': 'application/json' }),
    ...options.headers,
  };
  const exchange: Exchange = {
    method,
    target,
    headers: Object.entries(headers),
    body: body === undefined ? null : body.toString(),
    raw: null,
  };
  const held = depart({ exchange, body: body === undefined ? null : Buffer.from(body as string) });
  if (held !== null) return await held;
  try {
    const request = supertest(base)[verb(method)](target);
    for (const [name, value] of Object.entries(headers)) request.set(name, value);
    void request
      .set('Accept-Encoding', 'identity')
      .redirects(0)
      .ok(() => true)
      .buffer(true)
      .parse(collect)
      .maxResponseSize(ANSWER_LIMIT)
      .timeout({ response: within, deadline: within * 2 });
    if (body !== undefined) {
      // Bytes and a serializer of our own: superagent gives a string a media type, or turns it into JSON or a form.
      void request.serialize((value: unknown) => value as string).send(Buffer.from(body as string));
    }
    // It has no option for this: what is compressed although nobody asked comes as it is (and is no bomb here).
    Object.assign(request, { _shouldDecompress: () => false });
    const response = await request;
    const content: unknown = response.body;
    return new Answer(
      response.status,
      plainHeaders(response.headers as Record<string, string | string[]>),
      Buffer.isBuffer(content) ? content : Buffer.alloc(0),
      exchange,
    );
  } catch (error) {
    return noAnswer(error, exchange, within);
  }
}

type Verb = 'get' | 'head' | 'post' | 'put' | 'patch' | 'delete' | 'options';

function verb(method: string): Verb {
  return method.toLowerCase() as Verb;
}

function collect(response: unknown, done: (error: Error | null, body: Buffer) => void): void {
  const chunks: Buffer[] = [];
  let size = 0;
  (response as IncomingMessage)
    .on('data', (chunk: Buffer | string) => {
      const bytes = typeof chunk === 'string' ? Buffer.from(chunk, 'binary') : chunk;
      size += bytes.length;
      if (size <= ANSWER_LIMIT) chunks.push(bytes);
    })
    .on('end', () => done(null, Buffer.concat(chunks)));
}

function plainHeaders(headers: Record<string, string | string[]>): Record<string, string> {
  const out = Object.create(null) as Record<string, string>;
  for (const [name, value] of Object.entries(headers))
    out[name.toLowerCase()] = Array.isArray(value) ? value.join(', ') : value;
  return out;
}

function noAnswer(error: unknown, exchange: Exchange, within: number): NoAnswer {
  const { timeout, message, ...known } = error as { code?: string; timeout?: number; message?: string };
  // Supertest moves the code of a connection that failed into the message.
  const code = known.code ?? /^([A-Z]+): /.exec(message ?? '')?.[1];
  if (typeof timeout === 'number' || code === 'ECONNABORTED') {
    return { kind: 'no-answer', why: `no answer within ${within / 1000} seconds`, hung: true, exchange };
  }
  if (code === 'ETOOLARGE')
    return { kind: 'no-answer', why: 'an answer larger than 1 MiB', hung: false, exchange };
  const why = WHYS[code ?? ''] ?? `no readable answer (${message ?? 'unknown'})`;
  return { kind: 'no-answer', why, hung: false, exchange };
}

const WHYS: Record<string, string> = {
  ECONNRESET: 'the connection was closed without an answer',
  ECONNREFUSED: 'nobody listens: the server is gone',
  EPIPE: 'the connection was closed while the request was being sent',
  HPE_INVALID_CONSTANT: 'an answer that is not HTTP',
  HPE_HEADER_OVERFLOW: 'an answer whose headers are too long',
};

/** A missing answer as a rule that is not kept. */
export function unanswered(missing: NoAnswer): Unmet {
  return new Unmet({
    expected: 'an answer',
    got: missing.why,
    sent: describeSent(missing.exchange),
    exchange: missing.exchange,
    cause: missing.hung ? 'hung' : 'wrong',
  });
}
