import type { Context } from '../framework/context.ts';
import { Result } from '../framework/result.ts';

export function hello({ query }: Context): Result {
  return Result.text(`Hello, ${query.get('name') ?? 'World'}!`);
}

export function boom(): never {
  throw new Error('the inside is on fire');
}
