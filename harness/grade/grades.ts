import { z } from 'zod';
import type { Exercise } from '../catalog/exercise.ts';
import type { Verdict } from '../verdict/verdict.ts';
import { DETAILS } from './detail.ts';
import type { Taken } from './intake.ts';
import { provenance } from './provenance.ts';
import type { Provenance } from './provenance.ts';

/** The version of the format below. It changes when a reader written for the old one would misread the new one. */
export const GRADES_SCHEMA = 1;

/** No more refused files than these are listed for one exercise; `refusedFiles` counts them all. */
const MOST_REFUSED = 50;

/** The mark of one exercise. */
export const mark = z.object({
  exercise: z.string(),
  title: z.string(),
  /** `passed`: all core rules. `error`: no core rule could run. */
  status: z.enum(['passed', 'failed', 'error']),
  /** All rules, core and extra. */
  mastered: z.boolean(),
  /** Of the rules that count for a grade. */
  points: z.number().int(),
  maxPoints: z.number().int(),
  core: z.object({ passed: z.number().int(), rules: z.number().int() }),
  isolation: z.enum(['namespace', 'permission', 'none']),
  provenance,
  /** Why nothing could be tried, in one word; see the verdict. */
  error: z.enum(['files', 'compile', 'import', 'load', 'export', 'harness']).nullable(),
  /** How many files were taken from the submission. */
  takenFiles: z.number().int(),
  refusedFiles: z.number().int(),
  /** The first files that were passed over, and why. */
  refused: z.array(z.object({ path: z.string(), why: z.string() })),
  /** The verdict, relative to this file, with forward slashes. */
  verdict: z.string(),
});
export type Mark = z.infer<typeof mark>;

/** grades.json. */
export const grades = z.object({
  schema: z.literal(GRADES_SCHEMA),
  submission: z.object({ kind: z.enum(['folder', 'archive', 'git']), commit: z.string().nullable() }),
  /** How much the verdicts beside this file tell. */
  detail: z.enum(DETAILS),
  passed: z.boolean(),
  points: z.number().int(),
  maxPoints: z.number().int(),
  exercises: z.array(mark),
});
export type Grades = z.infer<typeof grades>;

/** Reads a grades.json that was written earlier or elsewhere. */
export function parseGrades(value: unknown): { ok: true; grades: Grades } | { ok: false; problem: string } {
  const parsed = grades.safeParse(value);
  return parsed.success
    ? { ok: true, grades: parsed.data }
    : { ok: false, problem: z.prettifyError(parsed.error) };
}

/** `verdict`: the whole one. Points are counted over the rules that an instructor's grade counts. */
export function markOf(taken: Taken, verdict: Verdict, from: Provenance): Mark {
  const { exercise, sources, refused } = taken;
  const core = verdict.rules.filter(({ tier }) => tier === 'core');
  return {
    exercise: exercise.id,
    title: exercise.title,
    status: verdict.status,
    mastered: verdict.mastered,
    ...pointsOf(exercise, verdict),
    core: { passed: core.filter(({ status }) => status === 'passed').length, rules: core.length },
    isolation: verdict.isolation,
    provenance: from,
    error: verdict.error?.kind ?? null,
    takenFiles: sources.ok ? sources.files.size : 0,
    refusedFiles: refused.length,
    refused: refused.slice(0, MOST_REFUSED).map(({ path, why }) => ({ path: path.slice(0, 300), why })),
    verdict: verdictFile(exercise.id),
  };
}

/** Where the verdict of an exercise lies beside grades.json. Ids are folder names of this workbook. */
export function verdictFile(id: string): string {
  return `verdicts/${id}.json`;
}

/** The rules of an exercise that give points in a grade: also those that editions hold back. */
export function countingRules(exercise: Exercise): Set<string> {
  return new Set(exercise.rules.filter(({ keep }) => !keep).map(({ id }) => id));
}

function pointsOf(exercise: Exercise, verdict: Verdict): { points: number; maxPoints: number } {
  // A failure of ours is no mark: what was counted before it counts for nothing.
  const counting = countingRules(exercise);
  const points = verdict.rules
    .filter(({ id }) => counting.has(id))
    .reduce((sum, rule) => sum + rule.points, 0);
  return { points: verdict.status === 'error' ? 0 : points, maxPoints: counting.size };
}
