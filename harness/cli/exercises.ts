import { join } from 'node:path';
import { listExercises, nearestId, resolveId } from '../catalog/catalog.ts';
import type { ListedExercise } from '../catalog/catalog.ts';
import type { Exercise } from '../catalog/exercise.ts';
import { describeProblem } from '../catalog/load-exercise.ts';
import { findOnRoadmap, ROADMAP } from '../catalog/roadmap.ts';
import { currentExercise } from '../progress/lock.ts';
import { openProgress } from '../progress/progress.ts';
import type { Progress, States } from '../progress/progress.ts';
import type { Assigned } from './assigned.ts';
import { shown } from './command.ts';
import type { Context } from './context.ts';

export type Found<T> = { ok: true; value: T } | { ok: false; message: string };

/** Every exercise of the workbook, each loaded or with its problem. */
export function allExercises(context: Pick<Context, 'root'>): Found<ListedExercise[]> {
  const listed = listExercises(context.root);
  return listed.ok
    ? { ok: true, value: listed.exercises }
    : { ok: false, message: describeProblem(listed.problem) };
}

/** Those that could be loaded. */
export function loadedExercises(listed: readonly ListedExercise[]): Exercise[] {
  return listed.flatMap((each) => (each.ok ? [each.exercise] : []));
}

/** The exercise that a person typed. A near miss is suggested, never taken. */
export function findExercise(listed: readonly ListedExercise[], typed: string): Found<Exercise> {
  const found = findListed(listed, typed);
  if (!found.ok) return found;
  return found.value.ok
    ? { ok: true, value: found.value.exercise }
    : { ok: false, message: describeProblem(found.value.problem) };
}

/** The same, also when the exercise could not be loaded. */
export function findListed(listed: readonly ListedExercise[], typed: string): Found<ListedExercise> {
  const resolved = resolveId(
    listed.map(({ id }) => id),
    typed,
  );
  if (resolved.kind === 'exact') {
    return { ok: true, value: listed.find(({ id }) => id === resolved.id) as ListedExercise };
  }
  const planned = resolveId(PLANNED, typed);
  if (planned.kind === 'exact') return { ok: false, message: `${notHere(planned.id)} ${LIST}` };
  const start = `There is no exercise called ${shown(typed)}.`;
  if (resolved.nearest !== null) return { ok: false, message: `${start} Did you mean ${resolved.nearest}?` };
  const near = nearestId(PLANNED, typed);
  return { ok: false, message: `${start} ${near === null ? '' : `${notHere(near)} `}${LIST}` };
}

/** It may be still to come, or left out of an edition for a class: nothing is said of later. */
function notHere(id: string): string {
  return `${id} (${findOnRoadmap(id)?.title ?? ''}) is not in this workbook.`;
}

/**
 * The exercise that a command without an id means: the first that is open and neither passed nor skipped. It may be one
 * that could not be loaded: going on with another in silence would be a riddle. Null: none is open.
 */
export function currentListed(
  listed: readonly ListedExercise[],
  states: States,
  assigned?: Assigned,
): ListedExercise | null {
  const candidates = listed.flatMap((each) => {
    const requires = requiresOf(each);
    return requires === null ? [] : [{ id: each.id, requires }];
  });
  const id = currentExercise(candidates, states, (each) => assigned?.isOpen(each) === true);
  return listed.find((each) => each.id === id) ?? null;
}

/** What an exercise builds on; null where nobody knows. */
function requiresOf(listed: ListedExercise): string[] | null {
  return listed.ok ? listed.exercise.requires : (findOnRoadmap(listed.id)?.requires ?? null);
}

/** The learner's progress, or why it cannot be used. */
export type ProgressAccess = { ok: true; progress: Progress } | { ok: false; message: string };

/** Runs `work` with the learner's progress. What there is to say about its file goes to `err`, as it comes up. */
export async function withProgress<T>(
  context: Context,
  work: (access: ProgressAccess) => Promise<T>,
): Promise<T> {
  const opened = openProgress(join(context.root, '.workbook', 'progress.sqlite'), { now: context.now });
  if (!opened.ok) return await work({ ok: false, message: opened.message });
  const { progress } = opened;
  let told = 0;
  const tell = () => {
    for (const note of progress.notes.slice(told)) context.terminal.err(`${note}\n`);
    told = progress.notes.length;
  };
  tell();
  try {
    return await work({ ok: true, progress });
  } finally {
    tell();
    progress.close();
  }
}

/** What was passed and opened; nothing where there is no progress. */
export function statesOf(progress: Progress | null): States {
  return progress?.states() ?? new Map();
}

const PLANNED = ROADMAP.map(({ id }) => id);
const LIST = '`npm run list` shows what is there.';
