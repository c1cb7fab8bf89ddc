import type { Server } from 'node:http';
import { App, type Middleware } from './framework/app.ts';
import { echo } from './handlers/echo.ts';
import { files } from './handlers/files.ts';
import { boom, hello } from './handlers/greetings.ts';
import { health, slow, time, type Clock } from './handlers/timing.ts';

/** What the server is given from outside: an absolute path and the time. */
export type Dependencies = { filesDir: string; clock: Clock };

/** Builds the server and does not start it. */
export function createServer({ filesDir, clock }: Dependencies): Server {
  return new App()
    .use(cautiousHeaders)
    .get('/health', health(clock))
    .get('/time', time(clock))
    .get('/hello', hello)
    .post('/echo', echo)
    .get('/slow', slow(clock))
    .get('/files/:name', files(filesDir))
    .get('/boom', boom)
    .server();
}

const cautiousHeaders: Middleware = (response, next) => {
  response.setHeader('Server', 'small-framework');
  response.setHeader('Cache-Control', 'no-store');
  response.setHeader('X-Content-Type-Options', 'nosniff');
  return next();
};
