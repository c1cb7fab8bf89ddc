import { createServer } from 'node:http';
import type { IncomingMessage, Server } from 'node:http';

export type Asked = { authorization: string; body: Record<string, unknown> };
export type Reply = { status: number; headers?: Record<string, string>; body?: object };
export type Handler = (asked: Asked) => Reply | Promise<Reply>;

const MAX_BODY = 64 * 1024;

export const refuse = (status: number, problem: string, headers: Record<string, string> = {}): Reply => ({
  status,
  headers,
  body: { problem },
});

/** A server over a table: 'GET /path' → handler. */
export function serverOf(routes: ReadonlyMap<string, Handler>): Server {
  return createServer((request, response) => {
    void replyTo(routes, request)
      .catch((error: unknown) => {
        console.error(error);
        return refuse(500, 'a fault of ours');
      })
      .then(({ status, headers = {}, body }) => {
        const text = body === undefined ? '' : JSON.stringify(body);
        if (body !== undefined) response.setHeader('Content-Type', 'application/json; charset=utf-8');
        response.writeHead(status, headers).end(text);
      });
  });
}

async function replyTo(routes: ReadonlyMap<string, Handler>, request: IncomingMessage): Promise<Reply> {
  const [path = ''] = (request.url ?? '').split('?');
  const handler = routes.get(`${request.method} ${path}`);
  const text = await bodyOf(request);
  if (handler === undefined) return refuse(404, 'nothing stands here');
  if (text === null) return refuse(413, 'the body is too large', { Connection: 'close' });
  const body = text === '' ? {} : objectIn(text);
  if (body === null) return refuse(400, 'the body is no JSON object');
  return await handler({ authorization: request.headers.authorization ?? '', body });
}

/** Null when there is too much of it. What is too much is read and dropped. */
async function bodyOf(request: IncomingMessage): Promise<string | null> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of request as AsyncIterable<Buffer>) {
    size += piece.length;
    if (size <= MAX_BODY) pieces.push(piece);
  }
  return size > MAX_BODY ? null : Buffer.concat(pieces).toString('utf8');
}

function objectIn(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return value instanceof Object && !Array.isArray(value) ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
