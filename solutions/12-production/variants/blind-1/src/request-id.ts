import { randomUUID } from 'node:crypto';

const HARMLESS = /^[A-Za-z0-9._-]{1,64}$/;

/** The id that came with the request when it is harmless, else a new one. */
export function requestIdFrom(header: string | string[] | undefined): string {
  return typeof header === 'string' && HARMLESS.test(header) ? header : randomUUID();
}
