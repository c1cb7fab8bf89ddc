import type { ListedExercise } from '../catalog/catalog.ts';
import { lockState } from '../progress/lock.ts';
import type { LockState } from '../progress/lock.ts';
import { UNTRIED } from '../progress/progress.ts';
import type { States } from '../progress/progress.ts';
import { NOTHING_ASSIGNED } from './assigned.ts';
import type { Assigned } from './assigned.ts';
import { currentListed } from './exercises.ts';

/** Whether there is anything that an exercise waits for. */
export type Lock = { kind: 'open' } | Extract<LockState, { kind: 'locked' }>;

/**
 * Whether a learner can work on an exercise yet. `states` null: nobody knows what was passed, and a lock without that
 * knowledge would only stand in the way. `ci`: nothing is locked there. What is assigned and has opened is open too.
 */
export function lockOf(
  exercise: { id: string; requires: readonly string[] },
  states: States | null,
  ci: boolean,
  assigned: Assigned = NOTHING_ASSIGNED,
): Lock {
  if (states === null) return { kind: 'open' };
  // Passed once, with --all or in CI: nobody needs to be guided any more.
  if ((states.get(exercise.id) ?? UNTRIED).passedAt !== null) return { kind: 'open' };
  const context = { ci, from: false, assigned: assigned.isOpen(exercise.id) };
  const lock = lockState(exercise.id, exercise.requires, states, context);
  return lock.kind === 'locked' ? lock : { kind: 'open' };
}

/** Why an exercise is locked, and the ways on. */
export function lockedText(
  id: string,
  missing: readonly string[],
  listed: readonly ListedExercise[],
  states: States,
  assigned: Assigned = NOTHING_ASSIGNED,
): string {
  const here = missing.filter((each) => listed.some((other) => other.id === each));
  const first = firstOpen(here, listed, states);
  const canSkip = here.length === missing.length;
  const ways: [label: string, line: string][] = [
    ...(first === null ? [] : [way('Pass what comes first:', `npm run check ${first}`)]),
    ...(canSkip ? here.slice(0, MOST_LINES) : []).map((each, index) =>
      way(index === 0 ? 'Or skip:' : '', `npm run skip ${each}`),
    ),
  ];
  ways.push(way(ways.length === 0 ? 'Open it now:' : 'Or open this one now:', `npm run unlock ${id}`));
  const absence =
    here.length > 0 ? '' : `, which ${missing.length === 1 ? 'is' : 'are'} not in this workbook`;
  return [
    `${id} is locked: it builds on ${inWords(missing)}${absence}.`,
    ...openingOf(id, assigned),
    ...ways.map(([label, line]) => `  ${label.padEnd(24)}${line}`),
  ].join('\n');
}

/** When an assignment opens what is locked until then. */
function openingOf(id: string, assigned: Assigned): string[] {
  const [task] = assigned.tasksOf(id, { passed: false, mastered: false });
  return task === undefined || task.words === null ? [] : [`It ${task.words} (${task.title}).`];
}

function way(label: string, line: string): [label: string, line: string] {
  return [label, line];
}

/** `01-a` · `01-a and 02-b` · `01-a, 02-b and 5 more`. */
export function inWords(ids: readonly string[]): string {
  const [first = '', second, third] = ids;
  if (second === undefined) return first;
  if (third === undefined) return `${first} and ${second}`;
  return ids.length === 3
    ? `${first}, ${second} and ${third}`
    : `${first}, ${second} and ${ids.length - 2} more`;
}

/** Of these and all that they build on, the one that can be begun. */
function firstOpen(ids: readonly string[], listed: readonly ListedExercise[], states: States): string | null {
  const wanted = new Set<string>();
  const visit = (id: string): void => {
    if (wanted.has(id)) return;
    wanted.add(id);
    const each = listed.find((other) => other.id === id);
    if (each?.ok === true) each.exercise.requires.forEach(visit);
  };
  ids.forEach(visit);
  return (
    currentListed(
      listed.filter(({ id }) => wanted.has(id)),
      states,
    )?.id ?? null
  );
}

const MOST_LINES = 3;
