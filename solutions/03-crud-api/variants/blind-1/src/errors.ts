import { STATUS_CODES } from 'node:http';
import type { ErrorRequestHandler, Response } from 'express';

export class HttpError extends Error {
  readonly status: number;
  constructor(status: number, detail?: string) {
    super(detail ?? '');
    this.status = status;
  }
}

export function sendProblem(res: Response, status: number, detail?: string): void {
  res.status(status).type('application/problem+json');
  res.json({ type: 'about:blank', title: STATUS_CODES[status] ?? 'Error', status, ...(detail ? { detail } : {}) });
}

export const errorHandler: ErrorRequestHandler = (err, _req, res, next) => {
  if (res.headersSent) return next(err);
  if (err instanceof HttpError) return sendProblem(res, err.status, err.message);
  // body-parser and the router (bad % escape) mark their client errors with a status; their texts stay inside.
  const status: unknown = err?.status;
  if (typeof status === 'number' && status >= 400 && status < 500) return sendProblem(res, status);
  console.error(err);
  sendProblem(res, 500);
};
