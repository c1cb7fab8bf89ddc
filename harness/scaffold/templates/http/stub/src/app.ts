import express, { type Express } from 'express';

/** Builds the app and does not start it: whoever calls this decides where it listens. */
export function createApp(): Express {
  const app = express();

  // An example. Keep it or remove it.
  app.get('/', (request, response) => {
    response.type('text').send('It works. Your turn.');
  });

  // TODO R1: GET /health answers 200 with JSON that says ok.
  // The core ends here.
  // TODO R2: another method on /health gets 405, and Allow names the methods that work.
  return app;
}
