import { randomUUID } from 'node:crypto';
import type { ErrorRequestHandler, RequestHandler } from 'express';
import { currentRequest, stackOf, type Log } from './log.ts';
import type { Metrics } from './metrics.ts';
import { secretsOf, without } from './secrets.ts';

const HARMLESS_ID = /^[A-Za-z0-9._-]{1,64}$/;

/** Gives every request its id, and tells log and metrics how it ended. */
export function observe({
  log,
  metrics,
  clock,
}: {
  log: Log;
  metrics: Metrics;
  clock: { now(): number };
}): RequestHandler {
  return (request, response, next) => {
    const given = request.get('x-request-id');
    const id = given !== undefined && HARMLESS_ID.test(given) ? given : randomUUID();
    response.set('X-Request-Id', id);
    const started = clock.now();
    // A router that was mounted sees a shorter URL, and the query may hold secrets.
    const [path] = request.originalUrl.split('?');
    const { method } = request;
    metrics.began();
    // Also when the client hung up: then there is no `finish`.
    response.once('close', () => {
      const durationMs = clock.now() - started;
      const status = response.statusCode;
      // The template that matched, never the address: labels must not grow with what clients ask for.
      const route = (request.route as { path: string } | undefined)?.path ?? 'unknown';
      metrics.ended({ method, route, status, seconds: durationMs / 1000 });
      log.info(response.writableFinished ? 'request' : 'request cut off', {
        requestId: id,
        method,
        path,
        status,
        durationMs,
      });
    });
    currentRequest.run(id, next);
  };
}

/** The last handler: what went wrong is for the log, the client learns that it did. */
export function failed(log: Log, metricsToken: string): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    const { status, expose } = Object(error) as { status?: unknown; expose?: unknown };
    // `expose` is set by what reads bodies; an error of the mailer with a status of its own is no mistake of the client.
    if (expose === true && typeof status === 'number' && status < 500) {
      // The client's mistake. Its message may quote the body (a syntax error in JSON does), so it is not logged.
      response.status(status).json({ error: 'the request cannot be read' });
      return;
    }
    const secrets = [metricsToken, ...secretsOf(request)];
    log.error('request failed', { stack: without(stackOf(error), secrets) });
    if (response.headersSent) next(error);
    else response.status(500).json({ error: 'something went wrong here' });
  };
}
