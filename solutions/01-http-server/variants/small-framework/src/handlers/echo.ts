import type { Context } from '../framework/context.ts';
import { Result } from '../framework/result.ts';

const LIMIT = 2 ** 16;

export async function echo(context: Context): Promise<Result> {
  return Result.json(await context.json(LIMIT));
}
