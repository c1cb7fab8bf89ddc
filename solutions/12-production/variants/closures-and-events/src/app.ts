import type { Database } from 'better-sqlite3';
import { timingSafeEqual } from 'node:crypto';
import express, { type ErrorRequestHandler, type Express, type Request } from 'express';
import { createBus } from './bus.ts';
import { createLog, type Log, stack } from './log.ts';
import { createMeter } from './meter.ts';
import { type Mail, notesRouter } from './notes.ts';
import { observe } from './observe.ts';
import { type Check, isReady } from './readiness.ts';

export type Dependencies = {
  db: Database;
  mail: Mail;
  checks: Check[];
  checkTimeoutMs: number;
  clock: { now(): number; sleep(ms: number): Promise<unknown> };
  write: (text: string) => unknown;
  metricsToken: string;
};

/** What the program adds: its own log, and whether it is on its way out. */
export type Program = { log?: Log; leaving?: () => boolean };

const isRefusal = (error: unknown): error is { status: number } =>
  typeof error === 'object' &&
  error !== null &&
  'status' in error &&
  'expose' in error &&
  error.expose === true;

export function createApp(dependencies: Dependencies, program: Program = {}): Express {
  const { db, mail, checks, checkTimeoutMs, clock, write, metricsToken } = dependencies;
  const { log = createLog({ now: () => clock.now(), write, from: 'debug' }), leaving = () => false } =
    program;

  const bus = createBus();
  const meter = createMeter(bus);
  bus.on('done', ({ method, path, status, ms }) => {
    if (status !== 500) log('info', 'request', { method, path, status, durationMs: ms });
  });
  bus.on('noted', (noteId) => log('info', 'note', { noteId }));

  const app = express().disable('x-powered-by');
  const { id, tell } = observe(bus, () => clock.now(), new Set(['/livez', '/readyz', '/metrics']));
  app.use((_request, response, next) => {
    response.locals['began'] = clock.now();
    next();
  });
  app.use(id, tell);

  app.get('/livez', (_request, response) => void response.send('alive\n'));
  app.get('/readyz', async (_request, response) => {
    const ready = await isReady(leaving() ? [] : checks, checkTimeoutMs, (ms) => clock.sleep(ms));
    response.sendStatus(ready && !leaving() ? 200 : 503);
  });
  app.get('/metrics', (request, response) => {
    const wanted = Buffer.from(`Bearer ${metricsToken}`);
    const sent = Buffer.from((request.get('Authorization') ?? '').replace(/^bearer /i, 'Bearer '));
    if (sent.length === wanted.length && timingSafeEqual(sent, wanted)) {
      response.type('text/plain; version=0.0.4').send(meter());
    } else {
      response.status(401).set('WWW-Authenticate', 'Bearer realm="metrics"').end();
    }
  });
  app.use(notesRouter({ db, mail, bus }));
  app.use((_request, response) => void response.status(404).json({ error: 'nothing here' }));

  const failed: ErrorRequestHandler = (error: unknown, request, response, _next) => {
    if (isRefusal(error)) {
      response.status(error.status).json({ error: 'this request makes no sense' });
      return;
    }
    // The error line is the request line: it is written when this answer is done.
    const began = Number(response.locals['began'] ?? clock.now());
    response.once('finish', () => {
      const path = request.originalUrl.replace(/\?.*$/s, '');
      const durationMs = clock.now() - began;
      const seen = { method: request.method, path, status: response.statusCode, durationMs };
      log('error', 'request failed', {
        ...seen,
        requestId: response.get('X-Request-Id'),
        stack: hide(whole(error), [metricsToken, ...said(request.body), ...saidAbove(request)]),
      });
    });
    response.status(500).json({ error: 'internal' });
  };
  app.use(failed);
  return app;
}

/** The stack of an error, and of what caused it. */
function whole(error: unknown): string {
  const cause =
    error instanceof Error && error.cause !== undefined ? `\ncaused by ${whole(error.cause)}` : '';
  return stack(error) + cause;
}

/** Every text that a client sent in a body. */
const said = (body: unknown): string[] =>
  typeof body === 'string'
    ? [body]
    : body && typeof body === 'object'
      ? Object.values(body).flatMap(said)
      : [];

/** Every word of the headers that nobody may log, and of the query. */
const saidAbove = ({ headers, originalUrl }: Request): string[] =>
  [headers.authorization, headers.cookie, originalUrl.replace(/^[^?]*\??/s, '')].flatMap(
    (text) => text?.match(/[^\s;=&?]+/g) ?? [],
  );

const hide = (text: string, words: string[]): string =>
  words
    .filter(({ length }) => length > 3)
    .sort((a, b) => b.length - a.length)
    .reduce((left, word) => left.split(word).join('…'), text);
