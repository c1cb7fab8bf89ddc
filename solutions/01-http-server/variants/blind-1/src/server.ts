import { createServer as createHttpServer, type Server } from 'node:http';
import { FileStore } from './FileStore.ts';
import {
  BoomHandler,
  EchoHandler,
  FileHandler,
  HealthHandler,
  HelloHandler,
  SlowHandler,
  TimeHandler,
} from './handlers.ts';
import { Router } from './Router.ts';

/** The time, as a dependency: the check moves it by hand. Use it instead of `Date.now` and `setTimeout`. */
export type Clock = {
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  now(): number;
  /** Resolves after that many milliseconds. */
  sleep(ms: number): Promise<void>;
};

/** What the server is given from outside. */
export type Dependencies = {
  /** Absolute path of the folder whose files are served. */
  filesDir: string;
  clock: Clock;
};

/** Builds the server and does not start it: whoever calls this decides where it listens. */
export function createServer({ filesDir, clock }: Dependencies): Server {
  const router = new Router()
    .get('/health', new HealthHandler())
    .get('/time', new TimeHandler(clock))
    .get('/hello', new HelloHandler())
    .get('/slow', new SlowHandler(clock))
    .get('/boom', new BoomHandler())
    .get(FileHandler.PREFIX, new FileHandler(new FileStore(filesDir)))
    .post('/echo', new EchoHandler());
  return createHttpServer((request, response) => router.dispatch(request, response));
}
