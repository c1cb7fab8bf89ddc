import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import type { Exercise } from '../catalog/exercise.ts';
import type { Assignment } from '../grade/assignment/assignment.ts';
import { readAssignment } from '../grade/assignment/read.ts';
import type { Detail } from '../grade/detail.ts';
import type { Asked } from '../grade/sweep/marks.ts';
import { shardOf } from '../grade/sweep/shard.ts';
import type { Shard } from '../grade/sweep/shard.ts';
import type { Isolation } from '../subject/isolation.ts';
import { shown } from './command.ts';
import type { Input } from './command.ts';
import type { Context } from './context.ts';
import { allExercises, loadedExercises } from './exercises.ts';
import type { Found } from './exercises.ts';

/** All that the command line asked for of a class, checked. Paths are absolute. */
export type SweepWish = {
  roster: string;
  assignment: Assignment;
  asked: Asked[];
  /** Sentences about the assignment for whoever wrote it. */
  notes: string[];
  out: string;
  ref: string | null;
  isolation: Isolation;
  /** Null: the assignment says it. */
  detail: Detail | null;
  lanes: number;
  shard: Shard | null;
  /** The address of a Redis; null: this machine judges. */
  queue: string | null;
  regrade: boolean;
};

/** What both ways of grading have checked already. */
export type Common = {
  out: string;
  isolation: Isolation;
  detail: Detail;
  exercises: readonly Exercise[] | null;
};

/** `common.exercises`: null when none was named. */
export function sweepWish(input: Input, context: Context, common: Common): Found<SweepWish> {
  const wrong = (message: string): Found<SweepWish> => ({ ok: false, message });
  const file = input.value('assignment');
  if (file === null && common.exercises === null)
    return wrong('What is judged? Name it: --assignment FILE, or --exercise ID.');
  if (file !== null && common.exercises !== null)
    return wrong('The assignment names the exercises: leave --exercise out, or --assignment.');
  if (file !== null && input.value('detail') !== null)
    return wrong('The assignment says what learners are shown (show:). Leave --detail out.');
  const typed = input.value('shard');
  const shard = typed === null ? null : shardOf(typed);
  if (typed !== null && shard === null)
    return wrong(`--shard takes a part of all, such as 2/5, not ${shown(typed)}.`);
  const lanes = input.value('lanes') ?? String(availableParallelism());
  if (!/^[1-9]\d?$/.test(lanes)) return wrong('--lanes takes a whole number from 1 to 99.');
  const queue = input.value('queue');
  if (queue !== null && !isRedis(queue))
    return wrong(
      `--queue takes the address of a Redis, such as redis://127.0.0.1:6379, not ${shown(queue)}.`,
    );
  const what = file === null ? plain(common.exercises ?? []) : assigned(resolve(context.cwd, file), context);
  if (!what.ok) return what;
  return {
    ok: true,
    value: {
      ...what.value,
      roster: resolve(context.cwd, input.value('roster') ?? ''),
      out: common.out,
      ref: input.value('ref'),
      isolation: common.isolation,
      detail: file === null ? common.detail : null,
      lanes: Number(lanes),
      shard,
      queue,
      regrade: input.flag('regrade'),
    },
  };
}

type What = Pick<SweepWish, 'assignment' | 'asked' | 'notes'>;

function assigned(file: string, context: Context): Found<What> {
  const listed = allExercises(context);
  if (!listed.ok) return listed;
  const known = loadedExercises(listed.value);
  const read = readAssignment(file, known);
  if (!read.ok) return read;
  const { assignment, notes } = read;
  const asked = assignment.exercises.flatMap((each) => {
    const exercise = known.find(({ id }) => id === each.id);
    return exercise === undefined ? [] : [{ exercise, assigned: each }];
  });
  return { ok: true, value: { assignment, asked, notes } };
}

/** Without an assignment nothing is late, and every exercise weighs the same. */
function plain(exercises: readonly Exercise[]): Found<What> {
  const asked = exercises.map((exercise): Asked => ({
    exercise,
    assigned: { id: exercise.id, weight: 1, asks: 'all', opens: null, due: null },
  }));
  const assignment: Assignment = {
    name: 'exercises',
    title: '',
    timezone: 'UTC',
    graceMs: 0,
    late: { policy: 'none' },
    lateDays: 0,
    attempts: null,
    show: { before: 'full', after: 'full' },
    exercises: asked.map((each) => each.assigned),
    extensions: [],
  };
  return { ok: true, value: { assignment, asked, notes: [] } };
}

export function isRedis(typed: string): boolean {
  return /^rediss?:\/\/./.test(typed) && URL.canParse(typed);
}
