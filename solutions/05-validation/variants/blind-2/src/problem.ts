import type { Response } from 'express';

import type { Fault } from './app.ts';

/** Answers with a problem document (RFC 9457). */
export function sendProblem(response: Response, status: number, title: string, detail?: string): void {
  response.status(status).type('application/problem+json').json({ title, status, detail });
}

/** Answers 422 with everything that is wrong. */
export function sendFaults(response: Response, errors: Fault[]): void {
  response
    .status(422)
    .type('application/problem+json')
    .json({ title: 'Unprocessable Content', status: 422, errors });
}
