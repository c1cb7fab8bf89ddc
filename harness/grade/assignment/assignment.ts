import { z } from 'zod';
import { DETAILS } from '../detail.ts';

/** The version of assignments/*.yaml. It changes when a reader written for the old one would misread the new one. */
export const ASSIGNMENT_SCHEMA = 1;

/** Ids of assignments and of students stand in file names: letters, digits, `.`, `_`, `-`, at most 64, no dot in front. */
export const NAME = /^[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}$/;

/** A time of day as people write it, without a zone: `2026-12-04 23:59` (seconds may follow). The zone is the assignment's. */
const localTime = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2} \d{2}:\d{2}(:\d{2})?$/, 'a time such as "2026-12-04 23:59"');

/** What lateness costs. Percents are of the points that the exercise got. */
export const latePolicy = z.discriminatedUnion('policy', [
  /** Late work counts in full. */
  z.strictObject({ policy: z.literal('none') }),
  /** `percent` for each day begun, never more than `most` in all. */
  z.strictObject({
    policy: z.literal('per-day'),
    percent: z.number().min(0).max(100),
    most: z.number().min(0).max(100).default(100),
  }),
  /** A straight line from nothing lost at the due time to `most` percent lost after `hours`. */
  z.strictObject({
    policy: z.literal('decay'),
    hours: z.number().positive().max(10_000),
    most: z.number().min(0).max(100).default(100),
  }),
  /** Late work counts nothing. */
  z.strictObject({ policy: z.literal('zero') }),
]);
export type LatePolicy = z.infer<typeof latePolicy>;

export const assignedExercise = z.strictObject({
  id: z.string(),
  /** What the exercise counts in the assignment, in points of the assignment. */
  weight: z.number().min(0).max(1000).default(1),
  /** `core`: the core rules are what is asked for. `all`: the extra ones too. */
  asks: z.enum(['core', 'all']).default('core'),
  /** For this exercise alone, instead of the assignment's. */
  opens: localTime.optional(),
  due: localTime.optional(),
});

export const extension = z.strictObject({
  student: z.string(),
  /** Instead of every due time of the assignment, or of `exercise` alone. */
  due: localTime,
  exercise: z.string().optional(),
  why: z.string().max(500).default(''),
});

/** assignments/NAME.yaml, as it is written. Times are local to `timezone`; `times.ts` makes instants of them. */
export const assignmentFile = z.strictObject({
  schema: z.literal(ASSIGNMENT_SCHEMA),
  /** Shown to people; the name is the file's. */
  title: z.string().max(200).default(''),
  /** An IANA name: `Europe/Berlin`. */
  timezone: z.string(),
  opens: localTime.optional(),
  /** Without it nothing is ever late. */
  due: localTime.optional(),
  /** Minutes after the due time in which nothing counts as late. */
  graceMinutes: z.number().min(0).max(10_080).default(0),
  late: latePolicy.default({ policy: 'none' }),
  /** Days that each student may be late in all, before `late` begins to cost. They are spent in the order of exercises. */
  lateDays: z.number().int().min(0).max(365).default(0),
  /** How often a submission may be graded; null: as often as the instructor likes. */
  attempts: z.number().int().min(1).max(1000).nullable().default(null),
  show: z
    .strictObject({
      /** How much learners are told of a graded run before the due time, and after it. */
      before: z.enum(DETAILS).default('full'),
      after: z.enum(DETAILS).default('full'),
    })
    .default({ before: 'full', after: 'full' }),
  exercises: z.array(assignedExercise).min(1).max(100),
  extensions: z.array(extension).max(10_000).default([]),
});
export type AssignmentFile = z.infer<typeof assignmentFile>;

/** One exercise of an assignment. Times are instants, in milliseconds since 1970, UTC; null: none. */
export type AssignedExercise = {
  id: string;
  weight: number;
  asks: 'core' | 'all';
  opens: number | null;
  due: number | null;
};

/** More time for one student. `exercise`: null: all of the assignment. `due`: milliseconds since 1970, UTC. */
export type Extension = { student: string; exercise: string | null; due: number; why: string };

/** An assignment, read, validated and with instants for times. */
export type Assignment = {
  /** The file's name without `.yaml`. */
  name: string;
  title: string;
  timezone: string;
  graceMs: number;
  late: LatePolicy;
  lateDays: number;
  attempts: number | null;
  show: AssignmentFile['show'];
  exercises: AssignedExercise[];
  extensions: Extension[];
};
