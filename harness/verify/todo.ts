import { existsSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Exercise, PartKind } from '../catalog/exercise.ts';
import { contentSteps } from './content.ts';
import type { Step } from './content.ts';

/** What an exercise still needs, in building order. `next` null: nothing. */
export type Todo = {
  exercise: string;
  all: number;
  there: number;
  next: (Step & { example: string | null }) | null;
  later: Step[];
};

/** The exercises that show each kind of part well, the best first. */
const EXAMPLES: Partial<Record<PartKind, readonly string[]>> = {
  http: ['03-crud-api', '01-http-server', '04-jwt'],
  module: ['04-jwt', '01-http-server'],
  sql: ['02-sql'],
};

/** What is there and what is missing. Nothing is judged for it: only files are looked at. */
export function todoOf(exercise: Exercise): Todo {
  const steps = contentSteps(exercise);
  const [first, ...later] = steps.filter(({ missing }) => missing.length > 0);
  return {
    exercise: exercise.id,
    all: steps.length,
    there: steps.filter(({ missing }) => missing.length === 0).length,
    next: first === undefined ? null : { ...first, example: exampleFor(exercise, first) },
    later,
  };
}

/** The same place of another exercise of the same kind; null where this workbook has none. */
function exampleFor(exercise: Exercise, { where }: Step): string | null {
  const room = join(exercise.folder, '..');
  const present = existsSync(room) ? readdirSync(room) : [];
  const wanted = EXAMPLES[exercise.parts[0]?.kind ?? 'http'] ?? EXAMPLES.http ?? [];
  const id = wanted.find((each) => each !== basename(exercise.folder) && present.includes(each));
  return id === undefined ? null : where.replace(exercise.id, id);
}
