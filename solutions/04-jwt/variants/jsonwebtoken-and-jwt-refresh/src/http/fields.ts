import type { Request } from 'express';
import { Failure } from './failure.ts';

/** A field of the body that has to be a string. */
export function textField(request: Request, name: string): string {
  const body: unknown = request.body;
  const value = typeof body === 'object' && body !== null ? Reflect.get(body, name) : undefined;
  if (typeof value !== 'string') throw new Failure(400, `${name} has to be a string`);
  return value;
}
