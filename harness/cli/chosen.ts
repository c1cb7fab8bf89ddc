import type { ListedExercise } from '../catalog/catalog.ts';
import type { Exercise } from '../catalog/exercise.ts';
import { describeProblem } from '../catalog/load-exercise.ts';
import type { States } from '../progress/progress.ts';
import type { Assigned } from './assigned.ts';
import { currentListed, findExercise } from './exercises.ts';
import type { Found } from './exercises.ts';

/** The exercise that a person typed, or, without a word, the one that the person is at. */
export function chosenExercise(
  command: string,
  typed: string | undefined,
  listed: readonly ListedExercise[],
  states: States,
  assigned?: Assigned,
): Found<Exercise> {
  if (typed !== undefined) return findExercise(listed, typed);
  const current = currentListed(listed, states, assigned);
  if (current === null) {
    const message = `${NOTHING_OPEN} Name one: npm run ${command} ID (npm run list shows them).`;
    return { ok: false, message };
  }
  return current.ok
    ? { ok: true, value: current.exercise }
    : { ok: false, message: describeProblem(current.problem) };
}

const NOTHING_OPEN = 'No exercise is open that you could go on with.';
