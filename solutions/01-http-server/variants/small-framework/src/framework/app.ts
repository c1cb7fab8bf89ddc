import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { readAddress } from './address.ts';
import { Context } from './context.ts';
import { ClientGone, HttpError } from './http-error.ts';
import type { Result } from './result.ts';
import { Router, type Handler } from './router.ts';

/** Runs around everything that follows it, the handler included. */
export type Middleware = (response: ServerResponse, next: () => Promise<Result>) => Promise<Result>;

/** Routes and middleware, and the one place where results and errors become responses. */
export class App {
  readonly #router = new Router();
  readonly #middleware: Middleware[] = [];

  use(middleware: Middleware): this {
    this.#middleware.push(middleware);
    return this;
  }

  get(pattern: string, handler: Handler): this {
    this.#router.add('GET', pattern, handler);
    return this;
  }

  post(pattern: string, handler: Handler): this {
    this.#router.add('POST', pattern, handler);
    return this;
  }

  /** A server that does not listen yet. */
  server(): Server {
    return createServer((request, response) => {
      this.#run(request, response).then(
        ({ type, body }) => respond(response, 200, { 'content-type': type }, body),
        (error: unknown) => respondToError(response, error),
      );
    });
  }

  async #run(request: IncomingMessage, response: ServerResponse): Promise<Result> {
    const handle = async (): Promise<Result> => {
      const { segments, query } = readAddress(request.url ?? '');
      const { handler, params } = this.#router.find(request.method ?? '', segments);
      return await handler(new Context(request, params, query));
    };
    return await this.#middleware.reduceRight<() => Promise<Result>>(
      (next, middleware) => () => middleware(response, next),
      handle,
    )();
  }
}

function respondToError(response: ServerResponse, error: unknown): void {
  if (error instanceof ClientGone) {
    response.destroy();
    return;
  }
  if (!(error instanceof HttpError)) console.error(error);
  const known = error instanceof HttpError ? error : new HttpError(500, 'The server could not do that.');
  const headers = { 'content-type': 'application/problem+json', ...known.headers };
  respond(response, known.status, headers, JSON.stringify(known));
}

/** Headers and body leave together, so Node counts the bytes itself. In the answer to HEAD it leaves the body out. */
function respond(
  response: ServerResponse,
  status: number,
  headers: Record<string, string>,
  body: string | Buffer,
): void {
  response.statusCode = status;
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  response.end(body);
}
