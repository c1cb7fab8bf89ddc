import type { NextFunction, Request, Response } from 'express';

export class ApiError extends Error {
  readonly status: number;
  readonly headers: Record<string, string>;

  constructor(status: number, message: string, headers: Record<string, string> = {}) {
    super(message);
    this.status = status;
    this.headers = headers;
  }
}

export function errorHandler(
  error: unknown,
  request: Request,
  response: Response,
  _next: NextFunction,
): void {
  const known = error instanceof ApiError ? error : fromLibrary(error);
  response.status(known.status).set(known.headers).type('application/problem+json');
  response.end(
    JSON.stringify({
      type: `/problems/${known.status}`,
      title: known.message,
      status: known.status,
      instance: request.path,
    }),
  );
}

/** Express marks what a client did wrong with a status; the rest is the server's. */
function fromLibrary(error: unknown): ApiError {
  const status = (error as { status?: unknown }).status;
  if (typeof status === 'number' && status >= 400 && status < 500) return new ApiError(status, 'Bad request');
  console.error(error);
  return new ApiError(500, 'Internal error');
}
