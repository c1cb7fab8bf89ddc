import type { NextFunction, Request, Response } from 'express';

/** An answer that is thrown. `answerFailure` sends it. */
export class Failure extends Error {
  readonly status: number;
  readonly headers: Record<string, string>;

  constructor(status: number, message: string, headers: Record<string, string> = {}) {
    super(message);
    this.status = status;
    this.headers = headers;
  }
}

export function notFound(): never {
  throw new Failure(404, 'there is nothing here');
}

/** Express knows an error handler by its four parameters. */
export function answerFailure(error: unknown, _request: Request, response: Response, _next: NextFunction) {
  const failure = error instanceof Failure ? error : foreign(error);
  response.status(failure.status).set(failure.headers).json({ error: failure.message });
}

/** The body parser marks what a client did wrong with a status below 500. */
function foreign(error: unknown): Failure {
  const status = (error as { status?: unknown }).status;
  if (typeof status === 'number' && status >= 400 && status < 500)
    return new Failure(status, 'the request cannot be read');
  console.error(error);
  return new Failure(500, 'something broke');
}
