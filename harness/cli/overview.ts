import { z } from 'zod';
import type { ListedExercise } from '../catalog/catalog.ts';
import type { Exercise } from '../catalog/exercise.ts';
import { ROADMAP } from '../catalog/roadmap.ts';
import type { RoadmapEntry } from '../catalog/roadmap.ts';
import { UNTRIED } from '../progress/progress.ts';
import type { ExerciseState, States } from '../progress/progress.ts';
import { NOTHING_ASSIGNED } from './assigned.ts';
import type { Assigned } from './assigned.ts';
import { currentListed } from './exercises.ts';
import { lockOf } from './locks.ts';

/** The version of the format below. It changes when a reader written for the old one would misread the new one. */
export const OVERVIEW_SCHEMA = 1;

/**
 * Where the learner stands with an exercise. The first that holds: `planned`: on the roadmap, not in this workbook yet.
 * `failing`: passed before, and the newest check did not pass. `mastered`: passed with all rules. `passed`: all core
 * rules. `skipped`: left out by hand. `broken`: its files cannot be used. `locked`: something it builds on is neither
 * passed nor skipped. `open`: everything else.
 */
export const overviewState = z.enum([
  'planned',
  'failing',
  'mastered',
  'passed',
  'skipped',
  'broken',
  'locked',
  'open',
]);
export type OverviewState = z.infer<typeof overviewState>;

/** An exercise as an assignment of this workbook asks for it. */
export const overviewTask = z.object({
  /** The name of the file, without `.yaml`. */
  assignment: z.string(),
  title: z.string(),
  asks: z.enum(['core', 'all']),
  /** This and the next: milliseconds since 1970; null: from the beginning, never. */
  opens: z.number().nullable(),
  due: z.number().nullable(),
  /** An IANA name. */
  timezone: z.string(),
  /** `due Fri 4 Dec 23:59 Europe/Berlin, in 3 days`; null: nothing that matters now. */
  words: z.string().nullable(),
});

export const overviewEntry = z.object({
  id: z.string(),
  state: overviewState,
  /** This and the next four: null where the exercise is broken and not on the roadmap. */
  title: z.string().nullable(),
  /** 1 to 5. */
  phase: z.number().nullable(),
  minutes: z.number().nullable(),
  /** 1 to 5. */
  difficulty: z.number().nullable(),
  /** Ids of the exercises that it builds on. */
  requires: z.array(z.string()).nullable(),
  /** Those of `requires` that a locked exercise waits for; empty in every other state. */
  missing: z.array(z.string()),
  /** Core rules that passed in the newest check; null: never checked, or its rules are not known. */
  core: z.object({ passed: z.number(), total: z.number() }).nullable(),
  attempts: z.number(),
  /** First pass and first mastery: milliseconds since 1970. */
  passedAt: z.number().nullable(),
  masteredAt: z.number().nullable(),
  /** What assignments ask of it, the most urgent first. */
  tasks: z.array(overviewTask),
  /** Why a broken exercise cannot be used: the file, the place in it, and what should stand there. */
  problem: z
    .object({ file: z.string(), key: z.string().nullable(), expected: z.string(), message: z.string() })
    .nullable(),
});
export type OverviewEntry = z.infer<typeof overviewEntry>;

/** What `npm run list -- --json` prints. */
export const overview = z.object({
  schema: z.literal(OVERVIEW_SCHEMA),
  /** False: the progress file cannot be used, so nobody knows what was passed. */
  progress: z.boolean(),
  /** The exercise that `npm run check` judges without an id. */
  current: z.string().nullable(),
  /** Of the exercises in this workbook that are neither passed nor skipped. */
  minutesLeft: z.number(),
  /** Those of the roadmap and those of the workbook, in the order of their ids. */
  exercises: z.array(overviewEntry),
});
export type Overview = z.infer<typeof overview>;

/** Puts the workbook, the roadmap and the learner's progress together. `states` null: progress cannot be used. */
export function takeOverview(
  listed: readonly ListedExercise[],
  states: States | null,
  ci: boolean,
  assigned: Assigned = NOTHING_ASSIGNED,
): Overview {
  const planned = ROADMAP.filter((entry) => !listed.some(({ id }) => id === entry.id));
  const known = states ?? new Map();
  const exercises = [
    ...listed.map((each) => entryOf(each, known.get(each.id) ?? UNTRIED, states, { ci, assigned })),
    ...planned.map((entry) => ({ id: entry.id, state: 'planned' as const, ...BLANK, ...about(entry) })),
  ].toSorted((a, b) => (a.id < b.id ? -1 : 1));
  return {
    schema: OVERVIEW_SCHEMA,
    progress: states !== null,
    current: currentListed(listed, known, assigned)?.id ?? null,
    minutesLeft: exercises
      .filter(({ state }) => state === 'open' || state === 'locked')
      .reduce((sum, { minutes }) => sum + (minutes ?? 0), 0),
    exercises,
  };
}

function entryOf(
  listed: ListedExercise,
  state: ExerciseState,
  states: States | null,
  { ci, assigned }: { ci: boolean; assigned: Assigned },
): OverviewEntry {
  const planned = ROADMAP.find(({ id }) => id === listed.id);
  const known = listed.ok ? listed.exercise : planned;
  const lock = listed.ok ? lockOf(listed.exercise, states, ci, assigned) : null;
  const now = stateOf(listed, state, lock?.kind === 'locked');
  return {
    id: listed.id,
    state: now,
    ...BLANK,
    ...(known === undefined ? {} : about(known)),
    missing: now === 'locked' && lock?.kind === 'locked' ? lock.missing : [],
    core: listed.ok ? coreOf(listed.exercise, state) : null,
    attempts: state.attempts,
    passedAt: state.passedAt,
    masteredAt: state.masteredAt,
    tasks: tasksOf(listed.id, state, assigned),
    problem: listed.ok ? null : listed.problem,
  };
}

function tasksOf(id: string, { passedAt, masteredAt }: ExerciseState, assigned: Assigned) {
  const reached = { passed: passedAt !== null, mastered: masteredAt !== null };
  return assigned
    .tasksOf(id, reached)
    .map(({ assignment, title, asks, opens, due, timezone, words }): z.infer<typeof overviewTask> => {
      return { assignment, title, asks, opens, due, timezone, words };
    });
}

function stateOf(listed: ListedExercise, state: ExerciseState, isLocked: boolean): OverviewState {
  // A damaged exercise takes no pass away; what is wrong with it stands in `problem`.
  if (state.nowFailing) return 'failing';
  if (state.masteredAt !== null) return 'mastered';
  if (state.passedAt !== null) return 'passed';
  if (state.skipped) return 'skipped';
  if (!listed.ok) return 'broken';
  return isLocked ? 'locked' : 'open';
}

function coreOf({ rules }: Exercise, state: ExerciseState): OverviewEntry['core'] {
  if (state.attempts === 0) return null;
  const core = rules.filter((rule) => rule.tier === 'core');
  const passed = core.filter(({ id }) =>
    state.lastRules.some((rule) => rule.id === id && rule.status === 'passed'),
  );
  return { passed: passed.length, total: core.length };
}

function about({ title, phase, minutes, difficulty, requires }: RoadmapEntry) {
  return { title, phase, minutes, difficulty, requires };
}

const BLANK: Omit<OverviewEntry, 'id' | 'state'> = {
  title: null,
  phase: null,
  minutes: null,
  difficulty: null,
  requires: null,
  missing: [],
  core: null,
  attempts: 0,
  passedAt: null,
  masteredAt: null,
  tasks: [],
  problem: null,
};
