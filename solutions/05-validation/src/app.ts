import express, { type Express, type RequestHandler } from 'express';
import { eventFilter, newEvent, publicEvent, type EventRepo } from './event.ts';
import { Problem, sendProblem, unreadable } from './problem.ts';
import { validate } from './validate.ts';

/** What the app is given from outside. */
export type Dependencies = { repo: EventRepo };

/** Builds the app and does not start it: whoever calls this decides where it listens. */
export function createApp({ repo }: Dependencies): Express {
  const app = express();
  app.disable('x-powered-by');

  app
    .route('/events')
    .post(
      jsonBody,
      validate(
        newEvent,
        (request) => request.body as unknown,
        async (event, response) => {
          response.status(201).json(publicEvent(await repo.add(event)));
        },
      ),
    )
    .get(
      validate(
        eventFilter,
        (request) => request.query,
        async (filter, response) => {
          response.json({ items: (await repo.list(filter)).map(publicEvent) });
        },
      ),
    );

  app.use(() => {
    throw new Problem(404, 'There is nothing at this address.');
  });
  app.use(sendProblem);
  return app;
}

const parseJson = express.json();

/** Other media types are refused: `express.json` would step aside, and the body would be undefined. */
const jsonBody: RequestHandler = (request, response, next) => {
  if (request.is('application/json') === false) throw new Problem(415, 'Send application/json.');
  parseJson(request, response, (error?: unknown) => next(error === undefined ? error : unreadable(error)));
};
