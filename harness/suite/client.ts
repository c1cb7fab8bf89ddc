import { Agent, request as startRequest } from 'node:http';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
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
 * One ordinary request, on a connection of its own, as a client that only talks HTTP: redirects are not followed, what is
 * compressed stays as it came (and no bomb goes off here), nothing is parsed and nothing is written to the disk. `depart`:
 * asked right before it leaves; see `Gate`.
 */
export async function sendRequest(
  base: string,
  method: string,
  target: string,
  options: RequestOptions,
  within: number,
  depart: (outgoing: Outgoing) => Promise<never> | null = () => null,
): Promise<Answer | NoAnswer> {
  const text = options.json === undefined ? options.body : JSON.stringify(options.json);
  const body = text === undefined ? null : Buffer.from(text as string);
  const headers: Record<string, string> = {
    ...(options.json === undefined ? {} : { 'Content-Type': 'application/json' }),
    ...options.headers,
  };
  const exchange: Exchange = {
    method,
    target,
    headers: Object.entries(headers),
    body: text === undefined ? null : text.toString(),
    raw: null,
  };
  const held = depart({ exchange, body });
  if (held !== null) return await held;
  try {
    const path = escaped(target);
    const { response, content } = await talk({ base, method, path, headers, body }, within);
    return new Answer(response.statusCode ?? 0, plainHeaders(response.headers), content, exchange);
  } catch (error) {
    return noAnswer(error, exchange, within);
  }
}

/** Connections are not used again: what one request did to its own is no matter of the next. */
const agent = new Agent({ keepAlive: false });

type Sent = {
  base: string;
  method: string;
  path: string;
  headers: Readonly<Record<string, string>>;
  body: Buffer | null;
};

/** Rejects with what went wrong first. `within`: milliseconds until the head of the answer; its end may take as long again. */
function talk(
  { base, method, path, headers, body }: Sent,
  within: number,
): Promise<{ response: IncomingMessage; content: Buffer }> {
  const { hostname, port } = new URL(base);
  return new Promise((resolve, reject) => {
    const request = startRequest({
      agent,
      hostname,
      port,
      method,
      path,
      headers: { ...headers, 'Accept-Encoding': 'identity' },
    });
    const fail = (error: Error): void => {
      clearTimeout(late);
      clearTimeout(deadline);
      reject(error);
      request.destroy();
    };
    const late = setTimeout(() => fail(new Late()), within);
    const deadline = setTimeout(() => fail(new Late()), within * 2);
    request.on('error', fail);
    request.on('response', (response) => {
      clearTimeout(late);
      const chunks: Buffer[] = [];
      let size = 0;
      response.on('data', (chunk: Buffer) => {
        size += chunk.length;
        if (size > ANSWER_LIMIT) fail(new TooLarge());
        else chunks.push(chunk);
      });
      response.on('error', fail);
      response.on('end', () => {
        clearTimeout(deadline);
        resolve({ response, content: Buffer.concat(chunks) });
      });
    });
    request.end(body ?? undefined);
  });
}

/** What may not stand in a request line is percent-encoded, as every client does it; all else is sent as it is. */
function escaped(target: string): string {
  return target.replace(/[^\x21-\x7e]+|["<>`{}]/gu, (part) =>
    encodeURIComponent(Buffer.from(part).toString()),
  );
}

class Late extends Error {
  override name = 'Late';
}

class TooLarge extends Error {
  override name = 'TooLarge';
}

function plainHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  const out = Object.create(null) as Record<string, string>;
  for (const [name, value] of Object.entries(headers))
    out[name] = Array.isArray(value) ? value.join(', ') : (value ?? '');
  return out;
}

function noAnswer(error: unknown, exchange: Exchange, within: number): NoAnswer {
  if (error instanceof Late) {
    return { kind: 'no-answer', why: `no answer within ${within / 1000} seconds`, hung: true, exchange };
  }
  if (error instanceof TooLarge)
    return { kind: 'no-answer', why: 'an answer larger than 1 MiB', hung: false, exchange };
  const { code, message } = error as { code?: string; message?: string };
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
