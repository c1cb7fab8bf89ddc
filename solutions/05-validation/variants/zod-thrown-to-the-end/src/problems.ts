import type { ErrorRequestHandler, RequestHandler } from 'express';
import { z } from 'zod';
import { CODES } from './schemas.ts';

type Fault = { pointer: string; code: string; message: string };

const TITLES: Record<number, string> = {
  400: 'This is not JSON',
  404: 'There is nothing here',
  413: 'This is too much',
  415: 'Send JSON',
  422: 'This is not right',
  500: 'Something went wrong',
};

/** An answer that is not the one that was hoped for. */
export class Refusal extends Error {
  readonly status: number;
  constructor(status: number) {
    super(`refused with ${status}`);
    this.status = status;
  }
}

function faultsOf(error: z.ZodError): Fault[] {
  const faults = new Map<string, Fault>();
  for (const issue of error.issues) {
    const found =
      issue.code === 'unrecognized_keys'
        ? issue.keys.map((key) => ({ path: [...issue.path, key], code: 'unknown' }))
        : [{ path: issue.path, code: issue.message }];
    for (const { path, code } of found) {
      const pointer = path
        .map((step) => `/${String(step).replace(/~/g, '~0').replace(/\//g, '~1')}`)
        .join('');
      const rank = (name: string): number => CODES.findIndex((one) => one === name);
      const known = faults.get(pointer);
      if (known === undefined || rank(code) < rank(known.code))
        faults.set(pointer, { pointer, code, message: `${pointer || 'the body'}: ${code}` });
    }
  }
  return [...faults.values()];
}

export const nothingHere: RequestHandler = () => {
  throw new Refusal(404);
};

export const explain: ErrorRequestHandler = (error: unknown, _request, response, _next) => {
  const status = error instanceof z.ZodError ? 422 : statusOf(error);
  response
    .status(status)
    .type('application/problem+json')
    .json({
      title: TITLES[status] ?? 'This cannot be done',
      instance: `urn:uuid:${crypto.randomUUID()}`,
      ...(error instanceof z.ZodError && { errors: faultsOf(error) }),
    });
};

/** Errors of Express's body parser carry a status; the repository's are not to be believed. */
function statusOf(error: unknown): number {
  if (error instanceof Refusal) return error.status;
  const { type, status } = (error ?? {}) as { type?: unknown; status?: unknown };
  return typeof type === 'string' &&
    /^(entity|encoding|charset|request)\./.test(type) &&
    typeof status === 'number'
    ? status
    : 500;
}
