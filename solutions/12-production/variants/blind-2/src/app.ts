import { createHash, randomUUID, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Database } from 'better-sqlite3';
import { createLog, redact, stackOf, type Level } from './log.ts';
import { createMetrics } from './metrics.ts';

export type Note = { id: number; text: string };

/** Something that the service needs. It resolves when all is well, rejects when it is not, or never settles. */
export type Check = { name: string; check: () => Promise<unknown> };

/** What the app is given from outside. */
export type Dependencies = {
  /** An open database on a file. */
  db: Database;
  /** Tells somebody of a new note. It may take long, or fail. */
  mail: (note: Note) => Promise<unknown>;
  checks: Check[];
  /** How long one check is waited for, in milliseconds. */
  checkTimeoutMs: number;
  /** Milliseconds since 1970, and a wait. Measure and wait with it. */
  clock: { now(): number; sleep(ms: number): Promise<void> };
  /** Takes log lines. In the program it is stdout. */
  write: (text: string) => unknown;
  /** Who sends it may read the metrics. */
  metricsToken: string;
  /** Log lines below it are left out. */
  logLevel?: Level;
  /** True from the moment on at which the program is coming to its end. */
  ending?: () => boolean;
};

type Answer = { status: number; body: unknown; type?: string; headers?: Record<string, string> };

/** What is known of one request. */
type Context = {
  request: IncomingMessage;
  log: (level: Level, msg: string, fields?: Record<string, unknown>) => void;
  /** What must not be logged, whatever an error says. */
  secrets: string[];
};

const MAX_BODY_BYTES = 100_000;
const REQUEST_ID = /^[A-Za-z0-9._-]{1,64}$/;
/** The paths about the service itself. They do not count in the metrics. */
const OWN = ['/livez', '/readyz', '/metrics'];

const notFound: Answer = { status: 404, body: { error: 'not found' } };
const badNote: Answer = { status: 400, body: { error: 'text must be a string of 1 to 1,000 characters' } };

const digest = (text: string): Buffer => createHash('sha256').update(text, 'latin1').digest();

/** All of the body, or null when it is too large. Rejects when the client hangs up. */
async function bodyOf(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= MAX_BODY_BYTES) chunks.push(chunk);
  }
  return bytes > MAX_BODY_BYTES ? null : Buffer.concat(chunks).toString('utf8');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Builds the server and does not start it: whoever calls this decides where it listens. */
export function createApp(dependencies: Dependencies): Server {
  const { db, mail, checks, checkTimeoutMs, clock, write, metricsToken, logLevel = 'debug' } = dependencies;
  const ending = dependencies.ending ?? (() => false);
  const log = createLog({ write, now: () => clock.now(), least: logLevel });
  const metrics = createMetrics();

  db.pragma('journal_mode = WAL');
  db.exec('CREATE TABLE IF NOT EXISTS notes (id INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT');
  const insert = db.prepare<[string]>('INSERT INTO notes (text) VALUES (?)');
  const one = db.prepare<[number], Note>('SELECT id, text FROM notes WHERE id = ?');

  async function addNote({ request, log, secrets }: Context): Promise<Answer> {
    const raw = await bodyOf(request);
    const isJson = /^application\/json\s*(;|$)/i.test(request.headers['content-type'] ?? '');
    if (raw === null || !isJson) return badNote;
    const body = parsed(raw);
    const text = (body as { text?: unknown } | null | undefined)?.text;
    if (typeof text !== 'string' || text.length < 1 || text.length > 1_000) return badNote;
    secrets.push(raw, ...Object.values(body as object).filter((value) => typeof value === 'string'));
    const note = { id: Number(insert.run(text).lastInsertRowid), text };
    await mail({ ...note });
    log('info', 'note stored', { noteId: note.id });
    return { status: 201, body: note };
  }

  function getNote(id: string): Answer {
    const note = /^\d{1,15}$/.test(id) ? one.get(Number(id)) : undefined;
    return note === undefined ? notFound : { status: 200, body: note };
  }

  async function ready({ log }: Context): Promise<Answer> {
    const no: Answer = { status: 503, body: { status: 'not ready' } };
    if (ending()) return no;
    const all = checks.map(async ({ name, check }) => {
      try {
        await check();
      } catch (error) {
        log('warn', 'a check failed', { check: name });
        throw error;
      }
    });
    const timeout = clock.sleep(checkTimeoutMs).then(() => false);
    const well = await Promise.race([Promise.all(all).then(() => true, () => false), timeout]);
    return well && !ending() ? { status: 200, body: { status: 'ready' } } : no;
  }

  function readMetrics({ request }: Context): Answer {
    const sent = /^Bearer +(.+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? '';
    const expected = Buffer.from(metricsToken, 'utf8').toString('latin1');
    if (!timingSafeEqual(digest(sent), digest(expected))) {
      return { status: 401, body: { error: 'the token is missing or wrong' }, headers: { 'WWW-Authenticate': 'Bearer' } };
    }
    return { status: 200, body: metrics.text(), type: 'text/plain; version=0.0.4; charset=utf-8' };
  }

  /** The template of a path, and who answers. */
  function routed(method: string, path: string): { route: string; handle?: (context: Context) => Answer | Promise<Answer> } {
    const get = method === 'GET' || method === 'HEAD';
    const id = /^\/notes\/([^/]+)$/.exec(path)?.[1];
    if (path === '/notes') return { route: path, ...(method === 'POST' && { handle: addNote }) };
    if (id !== undefined) return { route: '/notes/:id', ...(get && { handle: () => getNote(id) }) };
    if (!OWN.includes(path)) return { route: 'unknown' };
    if (!get) return { route: path };
    if (path === '/readyz') return { route: path, handle: ready };
    if (path === '/metrics') return { route: path, handle: readMetrics };
    return { route: path, handle: () => ({ status: 200, body: { status: 'alive' } }) };
  }

  async function answer(context: Context, handle?: (context: Context) => Answer | Promise<Answer>): Promise<Answer | null> {
    try {
      return handle === undefined ? notFound : await handle(context);
    } catch (error) {
      const { request, log, secrets } = context;
      if (request.destroyed && !request.complete) return null; // the client hung up within the body
      log('error', 'the request failed', { stack: stackOf(error, secrets) });
      return { status: 500, body: { error: 'something went wrong here' } };
    }
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const began = clock.now();
    const method = request.method ?? '';
    const url = request.url ?? '';
    const mark = url.indexOf('?');
    const path = mark < 0 ? url : url.slice(0, mark);
    const sentId = request.headers['x-request-id'];
    const requestId = typeof sentId === 'string' && REQUEST_ID.test(sentId) ? sentId : randomUUID();
    const { authorization = '', cookie = '' } = request.headers;
    const secrets = [metricsToken, authorization, authorization.replace(/^\S+ +/, ''), cookie];
    secrets.push(...cookie.split(';').map((pair) => pair.slice(pair.indexOf('=') + 1).trim()));
    if (mark >= 0) secrets.push(url.slice(mark + 1), ...new URLSearchParams(url.slice(mark + 1)).values());
    const context: Context = {
      request,
      log: (level, msg, fields) => log(level, msg, { requestId, ...fields }),
      secrets,
    };

    const { route, handle } = routed(method, path);
    const counts = !OWN.includes(route);
    if (counts) metrics.began();
    response.setHeader('X-Request-Id', requestId);
    let over = false;
    const end = (answered: boolean): void => {
      if (over) return;
      over = true;
      const durationMs = Math.max(0, clock.now() - began);
      const { statusCode: status } = response;
      if (counts) metrics.ended({ method, route, seconds: durationMs / 1_000, ...(answered && { status }) });
      const fields = { method, path: redact(path, [metricsToken]), durationMs };
      if (answered) context.log('info', 'request', { ...fields, status });
      else context.log('warn', 'the client hung up', fields);
    };
    response.once('finish', () => end(true));
    response.once('close', () => end(false));

    const result = await answer(context, handle);
    if (result === null || response.destroyed) return;
    const { status, body, type = 'application/json; charset=utf-8', headers = {} } = result;
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    response.writeHead(status, { 'Content-Type': type, 'Content-Length': Buffer.byteLength(text), ...headers });
    response.end(text);
  }

  return createServer((request, response) => {
    request.on('error', () => {}); // a client that hangs up; the response's `close` says it
    void serve(request, response);
  });
}
