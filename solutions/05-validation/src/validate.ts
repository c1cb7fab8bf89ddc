import type { Request, RequestHandler, Response } from 'express';
import type { z } from 'zod';
import { Problem } from './problem.ts';

/** One thing that is wrong. `pointer`: where, as a JSON Pointer (RFC 6901). */
export type Fault = { pointer: string; code: Code };

export type Code = 'required' | 'type' | 'unknown' | 'length' | 'format' | 'range' | 'duplicate' | 'order';

/**
 * Parses `input`, or throws a 422 with all faults. What comes back is a new value with the type of the schema: use it,
 * and forget the input.
 */
export function parse<T>(schema: z.ZodType<T>, input: unknown): T {
  // reportInput: a member that is missing and one of the wrong type have the same issue; the value tells them apart.
  const result = schema.safeParse(input, { reportInput: true });
  if (result.success) return result.data;
  throw new Problem(422, 'See errors for what is wrong, and where.', { errors: faultsOf(result.error) });
}

/** Middleware around `parse`: what follows it gets the parsed value, and nothing else. */
export function validate<T>(
  schema: z.ZodType<T>,
  from: (request: Request) => unknown,
  handle: (value: T, response: Response) => Promise<void>,
): RequestHandler {
  return async (request, response) => {
    await handle(parse(schema, from(request)), response);
  };
}

/**
 * The library's issues in the words of our contract. Clients depend on these words, so they must not change when the
 * library does. Only pointers and codes leave: an issue holds the value, and the value may be a secret.
 */
function faultsOf(error: z.ZodError): Fault[] {
  const faults = error.issues.flatMap((issue): Fault[] => {
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({ pointer: pointerTo([...issue.path, key]), code: 'unknown' }));
    }
    return [{ pointer: pointerTo(issue.path), code: codeOf(issue) }];
  });
  // Several checks of one value may fail. The first one is the cause, the others follow from it.
  return [...new Map(faults.toReversed().map((fault) => [fault.pointer, fault])).values()].toReversed();
}

function codeOf(issue: z.core.$ZodIssue): Code {
  switch (issue.code) {
    case 'invalid_type':
      if (issue.input === undefined) return 'required';
      // 1e400 is a number for JSON and infinite for us. Zod calls that another type; our contract does not.
      return issue.expected === 'number' && typeof issue.input === 'number' ? 'range' : 'type';
    case 'invalid_format':
      return 'format';
    case 'too_big':
    case 'too_small':
      return 'length';
    case 'custom':
      return (issue.params as { code: Code }).code;
    default:
      return 'type';
  }
}

/** RFC 6901 §3: `~` and `/` inside a name are written `~0` and `~1`, in this order of replacing. */
function pointerTo(path: readonly PropertyKey[]): string {
  return path.map((key) => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}
