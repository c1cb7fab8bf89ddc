import type { Detail } from '../detail.ts';
import type { Lateness } from '../gradebook/gradebook.ts';
import type { AssignedExercise, Assignment, LatePolicy } from './assignment.ts';

/** A day of lateness is 24 hours, also when clocks change in it. */
export const DAY_MS = 24 * 60 * 60 * 1000;

/** Until when a student has time. `due`: milliseconds since 1970, UTC; null: for ever. */
export type DueFor = { due: number | null; extended: boolean };

/**
 * The due time that holds for one student. Of the assignment's own and all extensions that fit, the latest holds, so an
 * extension never takes time away. Where nothing is due there is nothing to extend.
 */
export function dueFor(
  assignment: Pick<Assignment, 'extensions'>,
  student: string,
  exercise: Pick<AssignedExercise, 'id' | 'due'>,
): DueFor {
  if (exercise.due === null) return { due: null, extended: false };
  const mine = assignment.extensions.filter(
    (each) => each.student === student && (each.exercise === null || each.exercise === exercise.id),
  );
  const due = Math.max(exercise.due, ...mine.map((each) => each.due));
  return { due, extended: due > exercise.due };
}

/**
 * How late a student was with each exercise of the assignment, and what that leaves of the points.
 *
 * `receivedAt`: milliseconds since 1970 for each exercise that was handed in; null: nobody knows when, and what nobody knows
 * takes nothing away. What came at the due time or within the grace after it is in time. Lateness counts from the end of
 * the grace.
 *
 * Late days are spent in the order of the exercises, as many as an exercise is late in days begun, while there are any. So
 * who hands in earlier, or gets an extension, never has less left for another exercise. None are spent where lateness costs
 * nothing or the exercise counts nothing.
 */
export function latenessOf(
  assignment: Assignment,
  student: string,
  receivedAt: ReadonlyMap<string, number | null>,
): ReadonlyMap<string, Lateness> {
  let left = assignment.lateDays;
  const all = new Map<string, Lateness>();
  for (const exercise of assignment.exercises) {
    const { due, extended } = dueFor(assignment, student, exercise);
    const received = receivedAt.get(exercise.id) ?? null;
    const lateMs =
      due === null || received === null ? 0 : Math.max(0, Math.round(received - due - assignment.graceMs));
    const costs = assignment.late.policy !== 'none' && exercise.weight > 0;
    const lateDaysUsed = costs ? Math.min(left, Math.ceil(lateMs / DAY_MS)) : 0;
    left -= lateDaysUsed;
    all.set(exercise.id, {
      due: due === null ? null : new Date(due).toISOString(),
      extended,
      lateMs,
      lateDaysUsed,
      factor: factorOf(assignment.late, Math.max(0, lateMs - lateDaysUsed * DAY_MS)),
    });
  }
  return all;
}

/** What is left of the points, 0 to 1, `lateMs` milliseconds after the time. Days count as soon as they begin. */
export function factorOf(late: LatePolicy, lateMs: number): number {
  return Math.min(1, Math.max(0, 1 - lostPercent(late, lateMs) / 100));
}

function lostPercent(late: LatePolicy, lateMs: number): number {
  if (lateMs <= 0) return 0;
  switch (late.policy) {
    case 'none':
      return 0;
    case 'zero':
      return 100;
    case 'per-day':
      return Math.min(late.most, late.percent * Math.ceil(lateMs / DAY_MS));
    case 'decay':
      return late.most * Math.min(1, lateMs / (late.hours * 60 * 60 * 1000));
  }
}

/**
 * Points of the assignment for one exercise: weight × points / maxPoints × factor, rounded to a hundredth. What cannot give
 * a point gives none.
 */
export function scoreOf(
  exercise: Pick<AssignedExercise, 'weight'>,
  points: number,
  maxPoints: number,
  factor: number,
): number {
  if (maxPoints <= 0) return 0;
  const share = Math.min(1, Math.max(0, points / maxPoints));
  // The tiny addition undoes what binary fractions take away from a half: 1.005 is 1.00499999999999989….
  return Math.round(exercise.weight * share * Math.min(1, Math.max(0, factor)) * 100 + 1e-9) / 100;
}

/**
 * What a submission is among those that an exercise of a student was graded on. `again`: these files were graded before, so
 * they cost no attempt. `new`: they may be graded; `left`: how many attempts remain after it, null: there is no limit.
 * `spent`: no attempt is left; what was graded last stands.
 */
export type Attempt = { kind: 'again' } | { kind: 'new'; left: number | null } | { kind: 'spent' };

/**
 * Whether files may be graded. An attempt is a submission with other files than every one before: judging the same bytes
 * again (another sweep, a newer suite) is none. `graded`: digests of the files that were graded before, for this student
 * and exercise.
 */
export function attemptOf(
  { attempts }: Pick<Assignment, 'attempts'>,
  graded: ReadonlySet<string>,
  digest: string,
): Attempt {
  if (graded.has(digest)) return { kind: 'again' };
  if (attempts === null) return { kind: 'new', left: null };
  return graded.size < attempts ? { kind: 'new', left: attempts - graded.size - 1 } : { kind: 'spent' };
}

/** How much a student may be told now: `show.before` until nothing can be in time any more, then `show.after`. */
export function detailFor(
  assignment: Pick<Assignment, 'extensions' | 'graceMs' | 'show'>,
  student: string,
  exercise: Pick<AssignedExercise, 'id' | 'due'>,
  now: number,
): Detail {
  const { due } = dueFor(assignment, student, exercise);
  return due === null || now <= due + assignment.graceMs ? assignment.show.before : assignment.show.after;
}
