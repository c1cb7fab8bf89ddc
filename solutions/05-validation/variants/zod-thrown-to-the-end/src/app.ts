import express, { Router, type Express, type RequestHandler } from 'express';
import type { z } from 'zod';
import { explain, nothingHere, Refusal } from './problems.ts';
import { eventFilter, newEvent } from './schemas.ts';

type NewEvent = z.output<typeof newEvent>;
type StoredEvent = NewEvent & { id: string };

export type EventRepo = {
  add(event: NewEvent): Promise<StoredEvent>;
  list(filter: z.output<typeof eventFilter>): Promise<StoredEvent[]>;
};

const shown = ({ accessCode: _secret, ...event }: StoredEvent): Omit<StoredEvent, 'accessCode'> => event;

const onlyJson: RequestHandler = (request, _response, next) => {
  if (request.is('application/json') === false) throw new Refusal(415);
  next();
};

function events(repo: EventRepo): Router {
  const router = Router();
  router
    .route('/')
    .get(async ({ query }, response) => {
      const items = await repo.list(eventFilter.parse(query));
      response.json({ items: items.map(shown) });
    })
    .post(onlyJson, express.json(), async (request, response) => {
      const stored = await repo.add(newEvent.parse(request.body));
      response.location(`/events/${stored.id}`).status(201).json(shown(stored));
    });
  return router;
}

export function createApp({ repo }: { repo: EventRepo }): Express {
  const app = express();
  app.disable('x-powered-by');
  app.use('/events', events(repo));
  app.use(nothingHere);
  app.use(explain);
  return app;
}
