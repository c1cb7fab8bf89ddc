import express, { type Express } from 'express';

/** Builds the app and does not start it. */
export function createApp(): Express {
  const app = express();
  app.get('/health', (request, response) => {
    response.json({ status: 'ok' });
  });
  // Reached only by the methods that nothing above has answered.
  app.all('/health', (request, response) => {
    response.status(405).set('Allow', 'GET, HEAD').end();
  });
  return app;
}
