import express, {
  type ErrorRequestHandler,
  type Express,
  type Request,
  type RequestHandler,
  type Response,
} from 'express';
import { z } from 'zod';
import { parseBody, parseQuery } from './faults.ts';
import { sendProblem } from './problem.ts';
import { eventFilter, newEvent } from './schemas.ts';

export type { Fault } from './faults.ts';

/** An event as the repository gets it: parsed, and nothing more in it. */
export type NewEvent = z.output<typeof newEvent.whole>;

export type StoredEvent = NewEvent & { id: string };

/** What GET /events asks the repository for. */
export type EventFilter = z.output<typeof eventFilter.whole>;

/** Where events are kept. */
export type EventRepo = {
  /** Stores an event and gives it back with its id. */
  add(event: NewEvent): Promise<StoredEvent>;
  /** The events that fit, in their order. */
  list(filter: EventFilter): Promise<StoredEvent[]>;
};

/** What the app is given from outside. */
export type Dependencies = { repo: EventRepo };

/** Builds the app and does not start it: whoever calls this decides where it listens. */
export function createApp({ repo }: Dependencies): Express {
  const app = express();
  app.disable('x-powered-by');

  app.post('/events', onlyJson, readJson, unreadable, async (request: Request, response: Response) => {
    if (request.body === undefined) return sendProblem(response, 400);
    const event = parseBody(newEvent, request.body);
    if (!event.ok) return sendProblem(response, 422, event.faults);
    const stored = await asked(() => repo.add(event.value));
    response.status(201).json(withoutSecret(stored));
  });

  app.get('/events', async (request, response) => {
    const [, search = ''] = request.originalUrl.split(/\?(.*)/s);
    const filter = parseQuery(eventFilter, search);
    if (!filter.ok) return sendProblem(response, 422, filter.faults);
    const stored = await asked(() => repo.list(filter.value));
    response.json({ items: stored.map(withoutSecret) });
  });

  app.use((_request, response) => sendProblem(response, 404));
  app.use(failed);
  return app;
}

const onlyJson: RequestHandler = (request, response, next) => {
  // `is` gives null when there is no body at all: that is not about the media type.
  if (request.is('application/json') === false) return sendProblem(response, 415);
  next();
};

// Not strict: a body of `5` is JSON too, and the schema says what is wrong with it.
const readJson = express.json({ type: 'application/json', limit: 100_000, strict: false });

/** Stands right behind readJson, so that it sees the errors of readJson and of nothing else. */
const unreadable: ErrorRequestHandler = (error, _request, response, _next) => {
  const status = z.object({ status: z.literal([413, 415]) }).safeParse(error);
  sendProblem(response, status.success ? status.data.status : 400);
};

const failed: ErrorRequestHandler = (error, _request, response, next) => {
  if (response.headersSent) return next(error);
  // Express calls an address that it cannot decode a URIError. All else is our fault, whatever the error says of itself.
  sendProblem(response, error instanceof URIError ? 400 : 500);
};

/** Asks the repository. Whatever it rejects with, also `undefined` or Express' own `'route'`, becomes an error. */
async function asked<T>(question: () => Promise<T>): Promise<T> {
  try {
    return await question();
  } catch (cause) {
    throw new Error('The repository failed.', { cause });
  }
}

function withoutSecret({ accessCode: _secret, ...open }: StoredEvent): Omit<StoredEvent, 'accessCode'> {
  return open;
}
