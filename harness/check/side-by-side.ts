import { availableParallelism } from 'node:os';
import type { CheckRequest } from './check.ts';
import { usesRedis } from './lanes.ts';

type Known = Pick<CheckRequest, 'exercise' | 'warm' | 'inTurn' | 'stand' | 'inspect'>;

/** Whether each lane meets a subject of its own. A person at a debugger, or at a rule that stands, meets one at a time. */
export function isSideBySide({ exercise, warm, inTurn, stand, inspect }: Known): boolean {
  if (warm !== undefined) return true;
  if (inTurn === true || stand !== undefined || inspect || availableParallelism() === 1) return false;
  // There is one Redis for a check, and every rule begins with an empty one.
  return exercise.parts.length > 1 && exercise.parts.filter(usesRedis).length < 2;
}
