import { STATUS_CODES } from 'node:http';
import type { Response } from 'express';
import type { Fault } from './faults.ts';

/** Answers with a problem document (RFC 9457). It says the status and the faults, and never quotes an error. */
export function sendProblem(response: Response, status: number, errors?: Fault[]): void {
  const title = STATUS_CODES[status] ?? 'Error';
  response.status(status).type('application/problem+json').json({ title, status, errors });
}
