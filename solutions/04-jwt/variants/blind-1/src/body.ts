import type { Request } from 'express';

/** A field of a JSON body, when it is there and a string. */
export function stringField(request: Request, name: string): string | undefined {
  const body: unknown = request.body;
  if (typeof body !== 'object' || body === null || !Object.hasOwn(body, name)) return undefined;
  const value = (body as Record<string, unknown>)[name];
  return typeof value === 'string' ? value : undefined;
}
