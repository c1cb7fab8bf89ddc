import { STATUS_CODES } from 'node:http';
import type { ErrorRequestHandler } from 'express';

/** An answer that is an error. Handlers throw it; `sendProblem` alone writes it. */
export class Problem extends Error {
  override name = 'Problem';
  readonly status: number;
  /** More members of the problem document, for programs to read. */
  readonly members: Readonly<Record<string, unknown>>;

  /** `detail`: a sentence for the client. It is sent as it is, so nothing of the inside belongs there. */
  constructor(status: number, detail: string, members: Readonly<Record<string, unknown>> = {}) {
    super(detail);
    this.status = status;
    this.members = members;
  }
}

/** The last middleware: whatever went wrong on the way leaves as a problem document (RFC 9457). */
export const sendProblem: ErrorRequestHandler = (error: unknown, _request, response, next) => {
  if (response.headersSent) {
    next(error); // half an answer is out: Express closes the connection, so that it looks broken
    return;
  }
  const problem = toProblem(error);
  // The details are for us. Only the stack: the body parser hangs the whole body, secrets and all, on its errors.
  if (problem.status >= 500) console.error(error instanceof Error ? error.stack : error);
  response
    .status(problem.status)
    .type('application/problem+json')
    .send(
      JSON.stringify({
        type: 'about:blank',
        title: STATUS_CODES[problem.status] ?? 'Error',
        status: problem.status,
        detail: problem.message,
        ...problem.members,
      }),
    );
};

/** What the client is told. Of a foreign error nothing is believed: its `status` was meant for somebody else. */
function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  return new Problem(500, 'Something went wrong on our side.');
}

/**
 * What is told of a body that cannot be read; `error` comes from `express.json`, so its status is meant for the client. Its
 * message is not: that of `JSON.parse` quotes the body around the mistake, and what stands there may be a secret.
 */
export function unreadable(error: unknown): Problem {
  const status = error instanceof Error && 'status' in error ? error.status : undefined;
  if (typeof status === 'number' && status >= 400 && status < 500) {
    return new Problem(status, status === 400 ? 'The request cannot be read.' : 'The request is refused.');
  }
  return toProblem(error);
}
