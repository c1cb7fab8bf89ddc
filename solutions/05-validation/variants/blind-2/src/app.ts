import express, { type Express, type NextFunction, type Request, type Response } from 'express';

import { parseEvent } from './event-body.ts';
import { parseFilter } from './event-query.ts';
import { sendFaults, sendProblem } from './problem.ts';

/** An event as the repository gets it: parsed, and nothing more in it. */
export type NewEvent = {
  /** 1 to 50 characters, no spaces at its ends. */
  title: string;
  /** RFC 3339 text such as `2026-05-01T18:30:00+02:00`. */
  start: string;
  /** Later than `start`. */
  end: string;
  /** A whole number from 0 to 100000. */
  capacity: number;
  contact: { email: string };
  /** `[]` when the client sent none. */
  tags: string[];
  /** http or https. */
  website?: string;
  /** A secret. No client ever gets to see it again. */
  accessCode?: string;
};

export type StoredEvent = NewEvent & { id: string };

/** What GET /events asks the repository for. */
export type EventFilter = {
  from?: string;
  to?: string;
  /** 1 to 100. */
  limit: number;
  tag?: string;
};

/** Where events are kept. You do not write it: it is given to you. */
export type EventRepo = {
  /** Stores an event and gives it back with its id. */
  add(event: NewEvent): Promise<StoredEvent>;
  /** The events that fit, in their order. */
  list(filter: EventFilter): Promise<StoredEvent[]>;
};

/** What the app is given from outside. */
export type Dependencies = { repo: EventRepo };

/** One thing that is wrong with a request. */
export type Fault = {
  /** Where, as a JSON Pointer: `/contact/email`. */
  pointer: string;
  code: 'required' | 'type' | 'unknown' | 'length' | 'format' | 'range' | 'duplicate' | 'order';
};

/** The most bytes that a body may have. */
const maximumBytes = 100_000;

/** An event as clients see it: without its secret. */
function shown(event: StoredEvent): Omit<StoredEvent, 'accessCode'> {
  const { accessCode: _secret, ...rest } = event;
  return rest;
}

/** Builds the app and does not start it: whoever calls this decides where it listens. */
export function createApp({ repo }: Dependencies): Express {
  const app = express();
  app.disable('x-powered-by');

  // The bytes alone: what express.json() says about broken JSON quotes it, and so a secret in it.
  const readBytes = express.raw({ type: 'application/json', limit: maximumBytes });

  app.post('/events', readBytes, async (request, response) => {
    if (request.is('application/json') === false) {
      sendProblem(response, 415, 'Unsupported Media Type');
      return;
    }
    const bytes: unknown = request.body;
    if (!Buffer.isBuffer(bytes) || bytes.length === 0) {
      sendProblem(response, 400, 'Bad Request', 'The request has no body.');
      return;
    }
    let body: unknown;
    try {
      body = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    } catch {
      sendProblem(response, 400, 'Bad Request', 'The body is not JSON.');
      return;
    }

    const parsed = parseEvent(body);
    if (!parsed.ok) {
      sendFaults(response, parsed.faults);
      return;
    }
    // Caught here and not by Express: an error with a `status` of its own, or the word 'route', means something
    // to Express, and from a repository it is a failure like any other.
    let stored: StoredEvent;
    try {
      stored = await repo.add(parsed.value);
    } catch {
      sendProblem(response, 500, 'Internal Server Error');
      return;
    }
    response.status(201).json(shown(stored));
  });

  app.get('/events', async (request, response) => {
    const parsed = parseFilter(request.url);
    if (!parsed.ok) {
      sendFaults(response, parsed.faults);
      return;
    }
    let events: StoredEvent[];
    try {
      events = await repo.list(parsed.value);
    } catch {
      sendProblem(response, 500, 'Internal Server Error');
      return;
    }
    response.json({ items: events.map(shown) });
  });

  app.use((_request: Request, response: Response) => {
    sendProblem(response, 404, 'Not Found');
  });

  // Express knows an error handler by its four parameters. What ends here is mostly a body that could not be read.
  app.use((error: unknown, _request: Request, response: Response, next: NextFunction) => {
    if (response.headersSent) {
      next(error);
      return;
    }
    const status = typeof error === 'object' && error !== null && 'status' in error ? error.status : 500;
    if (status === 413) {
      sendProblem(response, 413, 'Content Too Large');
    } else if (status === 415) {
      sendProblem(response, 415, 'Unsupported Media Type');
    } else if (typeof status === 'number' && status >= 400 && status < 500) {
      sendProblem(response, 400, 'Bad Request');
    } else {
      sendProblem(response, 500, 'Internal Server Error');
    }
  });

  return app;
}
