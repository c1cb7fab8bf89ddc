import { z } from 'zod';
import { latePolicy } from '../assignment/assignment.ts';
import { DETAILS } from '../detail.ts';
import { provenance } from '../provenance.ts';

/** The version of the format below. It changes when a reader written for the old one would misread the new one. */
export const GRADEBOOK_SCHEMA = 1;

const isolation = z.enum(['namespace', 'permission', 'none']);

/** How late one exercise was, and what that cost. */
export const lateness = z.object({
  /** The due time that held for this student, with an extension if there was one; null: none. ISO 8601, UTC. */
  due: z.string().nullable(),
  extended: z.boolean(),
  /** After the due time and the grace; 0: in time. */
  lateMs: z.number().int().min(0),
  /** Days of the student's own that were spent on it. */
  lateDaysUsed: z.number().int().min(0),
  /** What is left of the points, 0 to 1. */
  factor: z.number().min(0).max(1),
});
export type Lateness = z.infer<typeof lateness>;

/** One exercise of one student. */
export const studentExercise = z.object({
  id: z.string(),
  /** `missing`: nothing of this exercise was handed in. `error`: it could not be judged. */
  status: z.enum(['passed', 'failed', 'error', 'missing']),
  mastered: z.boolean(),
  /** Of the rules that are asked for (core or all), one point a rule. */
  points: z.number().int(),
  maxPoints: z.number().int(),
  lateness,
  /** Points of the assignment: weight × points / maxPoints × factor. */
  score: z.number(),
  weight: z.number(),
  isolation,
  /** Null: nothing was judged. */
  provenance: provenance.nullable(),
  /** Why nothing could be tried, in a sentence; null: something could. */
  problem: z.string().nullable(),
  /** The verdict, relative to this file, with forward slashes; null: there is none. */
  verdict: z.string().nullable(),
});
export type StudentExercise = z.infer<typeof studentExercise>;

/** One row of the roster with its marks. */
export const studentGrade = z.object({
  /** As in the roster; unique in it, and fit for a file name. */
  student: z.string(),
  name: z.string().nullable(),
  email: z.string().nullable(),
  team: z.string().nullable(),
  /** As in the roster: a path or an address. Never with a password in it. */
  repo: z.string(),
  /** The commit that was judged; null: the submission was no commit, or could not be taken in. */
  commit: z.string().nullable(),
  /** `known`: told by whoever received it. `self-declared`: a date that the submission itself brings along; it can be made up. */
  received: z.object({ at: z.string(), by: z.enum(['known', 'self-declared']) }).nullable(),
  /** Why the submission as a whole could not be judged, and what to do; null: it could. */
  problem: z.string().nullable(),
  exercises: z.array(studentExercise),
  score: z.number(),
  maxScore: z.number(),
});
export type StudentGrade = z.infer<typeof studentGrade>;

/** grades.json of a class: what a sweep found, and what reports and exports are made from. */
export const gradebook = z.object({
  schema: z.literal(GRADEBOOK_SCHEMA),
  assignment: z.object({
    name: z.string(),
    title: z.string(),
    timezone: z.string(),
    late: latePolicy,
    lateDays: z.number().int(),
    graceMs: z.number(),
    exercises: z.array(
      z.object({
        id: z.string(),
        title: z.string(),
        weight: z.number(),
        asks: z.enum(['core', 'all']),
        opens: z.string().nullable(),
        due: z.string().nullable(),
        maxPoints: z.number().int(),
        /** The rules that give points here, with their sentences, in the order of the spec. */
        rules: z.array(z.object({ id: z.string(), tier: z.enum(['core', 'extra']), title: z.string() })),
      }),
    ),
  }),
  /** When the sweep ended: ISO 8601, UTC. */
  at: z.string(),
  harness: z.string(),
  node: z.string(),
  isolation,
  /** How much learners may be told: of what lies in the students' folders. */
  detail: z.enum(DETAILS),
  /** In the order of the roster. */
  students: z.array(studentGrade),
});
export type Gradebook = z.infer<typeof gradebook>;

/** Reads a grades.json of a class that was written earlier or elsewhere. */
export function parseGradebook(
  value: unknown,
): { ok: true; gradebook: Gradebook } | { ok: false; problem: string } {
  const parsed = gradebook.safeParse(value);
  return parsed.success
    ? { ok: true, gradebook: parsed.data }
    : { ok: false, problem: z.prettifyError(parsed.error) };
}

/** Where what belongs to one student lies, relative to grades.json: verdicts/ID.json below it. */
export function studentFolder(student: string): string {
  return `students/${student}`;
}
