import type { Exercise } from '../../catalog/exercise.ts';
import type { AssignedExercise, Assignment } from '../assignment/assignment.ts';
import { detailFor, latenessOf, scoreOf } from '../assignment/policy.ts';
import { DETAILS } from '../detail.ts';
import type { Detail } from '../detail.ts';
import { gradebook, GRADEBOOK_SCHEMA } from '../gradebook/gradebook.ts';
import type { Gradebook, Lateness, StudentExercise, StudentGrade } from '../gradebook/gradebook.ts';
import { countingRules } from '../grades.ts';
import type { RosterRow } from './roster.ts';
import type { Summary, WorkParts } from './work.ts';

/** An exercise with what the assignment wants of it. */
export type Asked = { exercise: Exercise; assigned: AssignedExercise };

/** What a sweep knows of one exercise of one student. Times are milliseconds since 1970. */
export type Entry = {
  exercise: string;
  /** The submission does not hold it. */
  missing: boolean;
  /** What stands: the verdict's key with its parts, and when these files were seen first. Null: there are no files to judge. */
  work: { key: string; parts: WorkParts; seen: number } | null;
  /** Null: not judged yet, or nothing to judge. */
  summary: Summary | null;
  /** Why nothing was judged, or why something else stands than what was handed in last; null: nothing to say. */
  problem: string | null;
};

/** One row of the roster with what was found. */
export type Found = {
  row: RosterRow;
  /** Why nothing of it could be taken in; null: something was. */
  problem: string | null;
  commit: string | null;
  committedAt: number | null;
  own: boolean;
  entries: readonly Entry[];
};

/** What holds for all students of a sweep. */
export type Class = {
  assignment: Assignment;
  asked: readonly Asked[];
  /** The level that was asked for. */
  isolation: Gradebook['isolation'];
  harness: string;
  /** How much learners may be told where no assignment says it; null: the assignment says it. */
  detail: Detail | null;
};

/** When a submission was received, for each exercise that was handed in, and by what evidence. */
export type Receipt = { at: number; by: 'known' | 'self-declared' };

/**
 * When each exercise was received. What the roster says counts. Else what the ledger saw before the due time was in time for
 * sure. Else the commit tells its own date, which can be made up. And what has no date at all came when it was seen first.
 */
export function receiptsOf(
  { row, committedAt, entries }: Found,
  assignment: Assignment,
): Map<string, Receipt> {
  const handedIn = entries.flatMap(({ exercise, work }) =>
    work === null ? [] : [{ exercise, seen: work.seen }],
  );
  const bySight = latenessOf(
    assignment,
    row.student,
    new Map(handedIn.map(({ exercise, seen }) => [exercise, seen])),
  );
  return new Map(
    handedIn.map(({ exercise, seen }): [string, Receipt] => {
      if (row.received !== null) return [exercise, { at: row.received, by: 'known' }];
      const wasInTime = bySight.get(exercise)?.lateMs === 0;
      // A commit cannot be younger than the first look at it.
      if (wasInTime || committedAt === null || committedAt >= seen)
        return [exercise, { at: seen, by: 'known' }];
      return [exercise, { at: committedAt, by: 'self-declared' }];
    }),
  );
}

/** The marks of one student. */
export function studentGradeOf(found: Found, given: Class): StudentGrade {
  const { row, problem, commit, entries } = found;
  const { assignment, asked } = given;
  const receipts = receiptsOf(found, assignment);
  const times = new Map([...receipts].map(([exercise, { at }]) => [exercise, at]));
  const lateness = latenessOf(assignment, row.student, times);
  const exercises = asked.map((each): StudentExercise => {
    const { id } = each.assigned;
    const entry = entries.find(({ exercise }) => exercise === id) ?? nothing(id, problem ?? row.problem);
    return exerciseOf(entry, each, lateness.get(id) ?? ON_TIME, { found, given });
  });
  const last = [...receipts.values()].toSorted((a, b) => b.at - a.at)[0];
  const declared = [...receipts.values()].some(({ by }) => by === 'self-declared');
  return {
    student: row.student,
    name: row.name,
    email: row.email,
    team: row.team,
    repo: row.repo,
    commit,
    received:
      last === undefined
        ? null
        : { at: new Date(last.at).toISOString(), by: declared ? 'self-declared' : 'known' },
    problem: row.problem ?? problem,
    exercises,
    score: hundredths(exercises.map(({ score }) => score)),
    maxScore: hundredths(exercises.map(({ weight }) => weight)),
  };
}

function exerciseOf(
  { work, summary, missing, problem }: Entry,
  { exercise, assigned }: Asked,
  lateness: Lateness,
  { found, given }: { found: Found; given: Class },
): StudentExercise {
  const counting = askedRules({ exercise, assigned });
  const base = { id: exercise.id, weight: assigned.weight, maxPoints: counting.length, lateness };
  if (work === null || summary === null) {
    return {
      ...base,
      status: missing ? 'missing' : 'error',
      mastered: false,
      points: 0,
      score: 0,
      isolation: given.isolation,
      provenance: null,
      problem: problem ?? (work === null ? null : NOT_YET),
      verdict: null,
    };
  }
  const points = pointsOf(summary, counting);
  const { parts } = work;
  return {
    ...base,
    status: summary.status,
    mastered: summary.mastered,
    points,
    score: scoreOf(assigned, points, counting.length, lateness.factor),
    isolation: summary.isolation,
    provenance: {
      judge: found.own ? 'self-reported' : summary.run === null ? 'local' : 'ci',
      run: summary.run,
      at: summary.at,
      harness: summary.harness,
      harnessDigest: parts.harness,
      suiteDigest: parts.suite,
      commit: found.commit,
      filesDigest: parts.files,
    },
    problem: problem ?? summary.problem,
    verdict: verdictPath(found.row.student, exercise.id),
  };
}

/** The rules that give points here, by id, in the order of the spec. */
export function askedRules({ exercise, assigned }: Asked): string[] {
  const counting = countingRules(exercise);
  return exercise.rules
    .filter(({ id, tier }) => counting.has(id) && (assigned.asks === 'all' || tier === 'core'))
    .map(({ id }) => id);
}

/** What could not be judged is worth nothing, whatever was counted before. */
export function pointsOf({ status, rules }: Summary, counting: readonly string[]): number {
  if (status === 'error') return 0;
  return rules.filter(([id, ended]) => ended === 'passed' && counting.includes(id)).length;
}

/** grades.json, from students in the order of the roster. `now`: milliseconds since 1970. */
export function gradebookOf(students: StudentGrade[], given: Class, now: number): Gradebook {
  const { assignment, asked } = given;
  const time = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());
  // Through the schema: whoever reads it and writes it again, as a merge does, writes the same text.
  return gradebook.parse({
    schema: GRADEBOOK_SCHEMA,
    assignment: {
      name: assignment.name,
      title: assignment.title,
      timezone: assignment.timezone,
      late: assignment.late,
      lateDays: assignment.lateDays,
      graceMs: assignment.graceMs,
      exercises: asked.map(({ exercise, assigned }) => {
        const rules = askedRules({ exercise, assigned });
        return {
          id: exercise.id,
          title: exercise.title,
          weight: assigned.weight,
          asks: assigned.asks,
          opens: time(assigned.opens),
          due: time(assigned.due),
          maxPoints: rules.length,
          rules: exercise.rules
            .filter(({ id }) => rules.includes(id))
            .map(({ id, tier, title }) => ({ id, tier, title })),
        };
      }),
    },
    at: new Date(now).toISOString(),
    harness: given.harness,
    node: process.version,
    isolation: given.isolation,
    detail: detailOf(students, given, now),
    students,
  } satisfies Gradebook);
}

/** What holds for all: the least that anybody may be told of any exercise now. */
function detailOf(
  students: readonly StudentGrade[],
  { assignment, asked, detail }: Class,
  now: number,
): Detail {
  if (detail !== null) return detail;
  const places = students.flatMap(({ student }) =>
    asked.map(({ assigned }) => DETAILS.indexOf(detailFor(assignment, student, assigned, now))),
  );
  return DETAILS[Math.max(0, ...new Set(places))] ?? 'score';
}

/** Where the whole verdict lies, relative to grades.json. */
export function verdictPath(student: string, exercise: string): string {
  return `verdicts/${student}/${exercise}.json`;
}

/** Where the files that were judged lie, relative to grades.json. */
export function submissionPath(student: string, exercise: string): string {
  return `submissions/${student}/${exercise}.json`;
}

/** An exercise that the sweep has not come to. */
export function notYet(exercise: string): Entry {
  return { exercise, missing: false, work: null, summary: null, problem: NOT_YET };
}

/** An exercise of a row of which nothing could be taken in. */
function nothing(exercise: string, problem: string | null): Entry {
  return { exercise, missing: problem === null, work: null, summary: null, problem };
}

/** Weights and scores have two decimals at most; sums of them have no more. */
function hundredths(values: readonly number[]): number {
  return Math.round(values.reduce((sum, value) => sum + value, 0) * 100) / 100;
}

const ON_TIME: Lateness = { due: null, extended: false, lateMs: 0, lateDaysUsed: 0, factor: 1 };
const NOT_YET = 'Not judged yet: the sweep has not come to it.';
