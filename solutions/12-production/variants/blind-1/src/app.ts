import type { Database } from 'better-sqlite3';
import express, { type ErrorRequestHandler, type Express, type Request, type RequestHandler } from 'express';
import type { Clock } from './clock.ts';
import { Log, stackOf, type Level } from './log.ts';
import { HttpMetrics } from './metrics.ts';
import { MetricsGuard } from './metrics-guard.ts';
import { createNotes, type Mail } from './notes.ts';
import { Readiness, type Check } from './readiness.ts';
import { Redactor, textsIn } from './redactor.ts';
import { requestIdFrom } from './request-id.ts';
import { pathOf, routeOf } from './routes.ts';

export type { Check } from './readiness.ts';

/** What the app is given from outside. */
export type Dependencies = {
  /** An open database on a file. */
  db: Database;
  mail: Mail;
  checks: Check[];
  /** How long one check is waited for, in milliseconds. */
  checkTimeoutMs: number;
  /** Milliseconds since 1970, and a wait. Measure and wait with it. */
  clock: Clock;
  /** Takes log lines. In the program it is stdout. */
  write: (text: string) => unknown;
  /** Who sends it may read the metrics. */
  metricsToken: string;
  /** Lines below it are left out; left out itself: none is. */
  logLevel?: Level;
};

/** The app around the notes: it watches every request from its arrival to its answer. */
class ObservedApp {
  readonly #dependencies: Dependencies;
  readonly #log: Log;
  readonly #metrics = new HttpMetrics();

  constructor(dependencies: Dependencies) {
    this.#dependencies = dependencies;
    const { clock, write, logLevel } = dependencies;
    this.#log = new Log({ clock, write, level: logLevel });
  }

  build(): Express {
    const { db, mail } = this.#dependencies;
    const app = express();
    app.disable('x-powered-by');
    app.disable('etag');
    app.use(this.#observe());
    app.use(this.#refuseUndecodable);
    app.get('/livez', (_request, response) => {
      response.set('Cache-Control', 'no-store').json({ status: 'ok' });
    });
    app.get('/readyz', this.#readyz());
    app.get('/metrics', this.#showMetrics());
    app.use(createNotes({ db, mail, log: this.#log }));
    app.use((_request, response) => {
      response.status(404).json({ error: 'not found' });
    });
    app.use(this.#failed());
    return app;
  }

  #observe(): RequestHandler {
    const { clock, metricsToken } = this.#dependencies;
    const log = this.#log;
    const metrics = this.#metrics;
    const redactor = new Redactor([metricsToken]);

    return (request, response, next) => {
      const arrived = clock.now();
      const path = pathOf(request.originalUrl);
      const route = routeOf(path);
      const { method } = request;
      const requestId = requestIdFrom(request.headers['x-request-id']);
      response.setHeader('X-Request-Id', requestId);
      if (route !== null) metrics.arrived();

      response.once('finish', () => {
        const durationMs = clock.now() - arrived;
        const status = response.statusCode;
        if (route !== null) metrics.answered(method, route, status, durationMs);
        log.within(requestId, () => {
          log.info('request', { method, path: redactor.clean(path), status, durationMs });
        });
      });
      response.once('close', () => {
        if (route !== null) metrics.left();
        if (response.writableFinished) return;
        log.within(requestId, () => log.info('request was given up by the client', { method }));
      });
      log.within(requestId, next);
    };
  }

  /** An address such as /notes/%zz means nothing: the client's mistake, not an error of the service. */
  readonly #refuseUndecodable: RequestHandler = (request, response, next) => {
    try {
      decodeURIComponent(request.path);
    } catch {
      response.status(400).json({ error: 'the address cannot be decoded' });
      return;
    }
    next();
  };

  #readyz(): RequestHandler {
    const { checks, checkTimeoutMs, clock } = this.#dependencies;
    const readiness = new Readiness(checks, checkTimeoutMs, clock);
    return async (_request, response) => {
      const failing = await readiness.failing();
      response.set('Cache-Control', 'no-store');
      if (failing.length === 0) {
        response.json({ status: 'ready' });
        return;
      }
      this.#log.warn('not ready', { failing: failing.join(', ') });
      response.status(503).json({ status: 'not ready' });
    };
  }

  #showMetrics(): RequestHandler {
    const guard = new MetricsGuard(this.#dependencies.metricsToken);
    return (request, response) => {
      if (!guard.admits(request.headers.authorization)) {
        response.status(401).set('WWW-Authenticate', 'Bearer').json({ error: 'a token is needed' });
        return;
      }
      response.set('Content-Type', 'text/plain; version=0.0.4; charset=utf-8');
      response.send(this.#metrics.text());
    };
  }

  #failed(): ErrorRequestHandler {
    return (error: unknown, request, response, _next) => {
      const secrets = [this.#dependencies.metricsToken, ...sentBy(request)];
      this.#log.error('request failed', { stack: new Redactor(secrets).clean(stackOf(error)) });
      if (response.headersSent) response.destroy();
      else response.status(500).json({ error: 'internal server error' });
    };
  }
}

/** What a client sent and nobody may log. */
function* sentBy(request: Request): Generator<string> {
  const { authorization, cookie } = request.headers;
  for (const value of [authorization, cookie]) {
    if (value === undefined) continue;
    yield value;
    // Also the credentials without their scheme, and each cookie without its name.
    yield* value.split(/[\s;=]+/).filter((part) => part.length >= 6);
  }
  const query = request.originalUrl.slice(pathOf(request.originalUrl).length + 1);
  yield query;
  yield* textsIn(request.body);
}

/** Builds the app and does not start it: whoever calls this decides where it listens. */
export function createApp(dependencies: Dependencies): Express {
  return new ObservedApp(dependencies).build();
}
