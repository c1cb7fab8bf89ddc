import { createServer as createHttpServer, type Server } from 'node:http';

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
  return createHttpServer((request, response) => {
    // An example. Every request gets this answer for now: a status, a Content-Type, a body.
    response.writeHead(200, { 'Content-Type': 'text/plain; charset=utf-8' });
    response.end('It works. Your turn.');

    // TODO R1: when request.url is '/health', answer 200 with the JSON {"status":"ok"}.
    // TODO R2: /hello greets World, /hello?name=Ada greets Ada.
    // TODO R3: a path that nobody knows gets 404, no longer the example.
    // TODO R4: route on the path alone, and decode the name.
    // TODO R5: let a name such as Zoë arrive whole.
    // TODO R6: a known path with another method gets 405 and an Allow header.
    // TODO R7: POST /echo reads a JSON body and sends the value back.
    // TODO R8: /boom throws on purpose; the client gets a 500 that gives nothing away.
    // TODO R9: /files/NAME sends a file of filesDir, and nothing from outside it.
    // The core ends here. R10 to R17 make this server robust: see README.md.
  });
}
