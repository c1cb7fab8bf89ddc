import { UNTRIED } from './state.ts';
import type { ExerciseState, States } from './state.ts';

/** What a lock needs to know of an exercise. */
export type Requiring = { id: string; requires: string[] };

/** Why nothing is locked here, whatever was passed. */
export type LockContext = {
  /** `CI` is set. */
  ci: boolean;
  /** `--from` was given. */
  from: boolean;
  /** An assignment names the exercise. */
  assigned: boolean;
};

export type LockState =
  | {
      kind: 'open';
      why:
        | 'no-requirements'
        | 'requirements-passed'
        /** Every requirement is passed or skipped, and at least one is only skipped. */
        | 'skipped-requirements'
        | 'unlocked'
        | 'unlocked-by-context';
    }
  /** `missing`: the requirements that are neither passed nor skipped, in the order given. */
  | { kind: 'locked'; missing: string[] };

/**
 * Whether a learner can work on an exercise yet, and why. What the learner reached comes first, then what the learner
 * opened by hand, then the context; so `why` names the strongest reason. Locks guide: no grade reads them.
 */
export function lockState(
  exercise: string,
  requires: readonly string[],
  states: States,
  context: LockContext,
): LockState {
  if (requires.length === 0) return { kind: 'open', why: 'no-requirements' };
  const missing = requires.filter((id) => !isDone(stateOf(states, id)));
  if (missing.length === 0) {
    const allPassed = requires.every((id) => stateOf(states, id).passedAt !== null);
    return { kind: 'open', why: allPassed ? 'requirements-passed' : 'skipped-requirements' };
  }
  if (stateOf(states, exercise).unlocked) return { kind: 'open', why: 'unlocked' };
  if (context.ci || context.from || context.assigned) return { kind: 'open', why: 'unlocked-by-context' };
  return { kind: 'locked', missing };
}

/**
 * The exercise a command without an id means: the first that is open and neither passed nor skipped. Null: all are
 * done. `exercises` is in the order in which they are learned. `isAssigned`: whether an assignment has opened one.
 */
export function currentExercise(
  exercises: readonly Requiring[],
  states: States,
  isAssigned: (id: string) => boolean = () => false,
): string | null {
  const current = exercises.find(({ id, requires }) => {
    const context = { ...NO_CONTEXT, assigned: isAssigned(id) };
    return !isDone(stateOf(states, id)) && lockState(id, requires, states, context).kind === 'open';
  });
  return current?.id ?? null;
}

/** The exercises that were locked before, are open after, and still wait to be done; in the order given. */
export function newlyOpened(before: States, after: States, exercises: readonly Requiring[]): string[] {
  const isOpen = ({ id, requires }: Requiring, states: States) =>
    lockState(id, requires, states, NO_CONTEXT).kind === 'open';
  return exercises
    .filter((exercise) => !isOpen(exercise, before) && isOpen(exercise, after))
    .map(({ id }) => id)
    .filter((id) => !isDone(stateOf(after, id)));
}

function isDone(state: ExerciseState): boolean {
  return state.passedAt !== null || state.skipped;
}

function stateOf(states: States, exercise: string): ExerciseState {
  return states.get(exercise) ?? UNTRIED;
}

const NO_CONTEXT: LockContext = { ci: false, from: false, assigned: false };
