import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { EXERCISE_ID } from './exercise-file.ts';
import { loadExercise } from './load-exercise.ts';
import type { LoadedExercise } from './load-exercise.ts';
import type { CatalogProblem } from './problem.ts';
import { failureOf, failureText } from './regular-file.ts';
import { requiredHere } from './roadmap.ts';

export { nearestId, resolveId } from './resolve-id.ts';
export type { ResolvedId } from './resolve-id.ts';

export type ListedExercise = { id: string } & LoadedExercise;

/**
 * The ids of the exercises below the workbook's `root`, sorted: the folders of exercises/ whose name is an id. Other
 * names there are passed over, and so are links.
 */
export function listIds(root: string): { ok: true; ids: string[] } | { ok: false; problem: CatalogProblem } {
  try {
    const ids = readdirSync(join(root, 'exercises'), { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && EXERCISE_ID.test(entry.name))
      .map((entry) => entry.name)
      .toSorted();
    return { ok: true, ids };
  } catch (error) {
    const failure = failureOf(error);
    const message = failure.code === 'ENOTDIR' ? 'It is not a folder.' : failureText(failure, 0);
    const expected = "the folder with the workbook's exercises; run the command in the workbook's own folder";
    return { ok: false, problem: { file: 'exercises', key: null, expected, message } };
  }
}

/**
 * Every exercise below `root`, in order, each loaded or with its problem: one damaged exercise hides no other. What they
 * require is here, unless nobody knows it.
 */
export function listExercises(
  root: string,
): { ok: true; exercises: ListedExercise[] } | { ok: false; problem: CatalogProblem } {
  const listed = listIds(root);
  if (!listed.ok) return listed;
  const here = new Set(listed.ids);
  const exercises = listed.ids.map((id): ListedExercise => {
    const loaded = loadExercise(root, id);
    if (!loaded.ok) return { id, ...loaded };
    const requires = requiredHere(loaded.exercise.requires, here);
    return { id, ok: true, exercise: { ...loaded.exercise, requires } };
  });
  return { ok: true, exercises };
}
