import { lstat, readFile } from 'node:fs/promises';
import {
  createServer as createHttpServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { dirname, resolve } from 'node:path';

/** The time, as a dependency. */
export type Clock = {
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  now(): number;
  /** Resolves after that many milliseconds. */
  sleep(ms: number): Promise<void>;
};

/** What the server is given from outside. */
export type Dependencies = {
  /** Absolute path of the folder whose files are served. */
  filesDir: string;
  clock: Clock;
};

/** What a handler answers with. Handlers return it and never touch the socket: `send` alone does. */
type Reply = { status: number; headers: Record<string, string>; body: string | Buffer };

/** What a handler may look at. `segment` is what the route's pattern captured, still percent-encoded. */
type Call = { request: IncomingMessage; query: URLSearchParams; segment: string };

type Handler = (call: Call) => Reply | Promise<Reply>;
type Route = { path: RegExp; methods: Record<string, Handler> };

type Body = { ok: true; bytes: Buffer } | { ok: false; reason: 'too_large' | 'incomplete' };

const MAX_BODY_BYTES = 65_536;

/** Builds the server and does not start it. Calls are independent of each other. */
export function createServer({ filesDir, clock }: Dependencies): Server {
  const routes: Route[] = [
    { path: /^\/health$/, methods: { GET: () => json(200, { status: 'ok' }) } },
    { path: /^\/time$/, methods: { GET: () => json(200, { now: new Date(clock.now()).toISOString() }) } },
    { path: /^\/hello$/, methods: { GET: ({ query }) => hello(query.get('name')) } },
    { path: /^\/echo$/, methods: { POST: ({ request }) => echo(request) } },
    { path: /^\/slow$/, methods: { GET: () => slow(clock) } },
    { path: /^\/files\/([^/]+)$/, methods: { GET: ({ segment }) => serveFile(filesDir, segment) } },
    { path: /^\/boom$/, methods: { GET: boom } },
  ];
  return createHttpServer((request, response) => void respond(routes, request, response));
}

/** The last line of defence: whatever a handler throws becomes a 500 here, so nothing can end the process. */
async function respond(routes: Route[], request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    send(response, await answer(routes, request));
  } catch (error) {
    console.error(error); // the details are for us; the client learns nothing about the inside
    if (response.headersSent) response.destroy();
    else send(response, problem(500, 'internal server error'));
  }
}

async function answer(routes: Route[], request: IncomingMessage): Promise<Reply> {
  const { path, query } = splitTarget(request.url ?? '/');
  for (const { path: pattern, methods } of routes) {
    const match = pattern.exec(path);
    if (match === null) continue;
    // HEAD is GET without the body: the same handler runs, and Node leaves the body out when it sends.
    const handler = methods[request.method === 'HEAD' ? 'GET' : (request.method ?? '')];
    if (handler === undefined) return problem(405, 'method not allowed', { Allow: allowed(methods) });
    return handler({ request, query, segment: match[1] ?? '' });
  }
  return problem(404, 'not found');
}

/**
 * Splits a request target by hand. `new URL('//', base)` throws, `//evil.example/health` would be read as a
 * host with the path /health, and `/files/../health` would be rewritten before anyone has looked at it.
 */
function splitTarget(target: string): { path: string; query: URLSearchParams } {
  const mark = target.indexOf('?');
  if (mark === -1) return { path: target, query: new URLSearchParams() };
  return { path: target.slice(0, mark), query: new URLSearchParams(target.slice(mark + 1)) };
}

function allowed(methods: Route['methods']): string {
  const names = Object.keys(methods);
  return (names.includes('GET') ? [...names, 'HEAD'] : names).join(', ');
}

function hello(name: string | null): Reply {
  return text(200, `Hello, ${name || 'World'}!`);
}

async function slow(clock: Clock): Promise<Reply> {
  await clock.sleep(300);
  return text(200, 'Good things take time.');
}

function boom(): never {
  throw new Error('the inside is on fire');
}

async function echo(request: IncomingMessage): Promise<Reply> {
  if (mediaType(request) !== 'application/json') return problem(415, 'send application/json');
  const body = await readBody(request);
  if (!body.ok) {
    if (body.reason === 'too_large') return problem(413, `the limit is ${MAX_BODY_BYTES} bytes`);
    return problem(400, 'the body ended early'); // nobody is left to read this; the log of a proxy may be
  }
  try {
    // All pieces first, then one decode. `fatal` refuses broken UTF-8, which toString() would paper over.
    JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body.bytes));
  } catch {
    return problem(400, 'the body is not JSON');
  }
  // The bytes as they came: parse and stringify would change numbers that a double cannot hold.
  return { status: 200, headers: { 'Content-Type': 'application/json' }, body: body.bytes };
}

/** `application/json` of `Application/JSON; charset=utf-8`. Empty when the header is missing. */
function mediaType(request: IncomingMessage): string {
  const [type = ''] = (request.headers['content-type'] ?? '').split(';');
  return type.trim().toLowerCase();
}

/** Collects the body. Says `too_large` at once, without waiting for the rest and without keeping it. */
function readBody(request: IncomingMessage): Promise<Body> {
  return new Promise((settle) => {
    // What is announced can be refused unread. Node then reads the rest and throws it away.
    if (Number(request.headers['content-length']) > MAX_BODY_BYTES) {
      settle({ ok: false, reason: 'too_large' });
      return;
    }
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= MAX_BODY_BYTES) {
        chunks.push(chunk);
        return;
      }
      // Keep reading and keep nothing. Destroying the socket could overtake the 413, and pausing would leave the
      // rest in front of the connection's next request.
      chunks.length = 0;
      settle({ ok: false, reason: 'too_large' });
    });
    request.on('end', () => settle({ ok: true, bytes: Buffer.concat(chunks) }));
    // Only the first call of `settle` counts, so these matter when the client left before the end.
    request.on('error', () => settle({ ok: false, reason: 'incomplete' }));
    request.on('close', () => settle({ ok: false, reason: 'incomplete' }));
  });
}

async function serveFile(filesDir: string, segment: string): Promise<Reply> {
  const name = decodeSegment(segment);
  if (name === null) return problem(400, 'the address is not valid percent-encoding');
  const path = pathInside(filesDir, name);
  if (path === null) return problem(404, 'not found');
  try {
    // lstat does not follow links: a link to somewhere else is not a regular file of this folder.
    if (!(await lstat(path)).isFile()) return problem(404, 'not found');
    const body = await readFile(path);
    return { status: 200, headers: { 'Content-Type': 'application/octet-stream' }, body };
  } catch (error) {
    if (isMissing(error)) return problem(404, 'not found');
    throw error; // a full file table or a failing disk is our problem, not a 404
  }
}

/** Null when the escapes are not valid UTF-8: `decodeURIComponent` throws then. */
function decodeSegment(segment: string): string | null {
  try {
    return decodeURIComponent(segment);
  } catch {
    return null;
  }
}

/**
 * The path of a file that lies directly in `folder`, or null. The question is asked about the resolved path,
 * after decoding: forbidding `..` in the text would miss an absolute path, a drive letter or a backslash.
 */
function pathInside(folder: string, name: string): string | null {
  if (name.includes('\0')) return null; // no file has such a name, and the file system calls throw on it
  const path = resolve(folder, name);
  return dirname(path) === resolve(folder) ? path : null;
}

function isMissing(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'ENOENT' || code === 'ENOTDIR' || code === 'ENAMETOOLONG';
}

function text(status: number, body: string): Reply {
  return { status, headers: { 'Content-Type': 'text/plain; charset=utf-8' }, body };
}

function json(status: number, value: unknown): Reply {
  return { status, headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(value) };
}

function problem(status: number, message: string, headers: Record<string, string> = {}): Reply {
  const reply = json(status, { error: message });
  return { ...reply, headers: { ...reply.headers, ...headers } };
}

function send(response: ServerResponse, { status, headers, body }: Reply): void {
  // Content-Length counts bytes: `Zoë` is three characters and four bytes.
  response.writeHead(status, { ...headers, 'Content-Length': Buffer.byteLength(body) });
  response.end(body);
}
