import { z } from 'zod';
import { ruleStatus } from '../verdict/verdict.ts';
import type { Database } from './sqlite.ts';
import type { Attempt, ExerciseState, States } from './state.ts';

/** What an attempt reached that no earlier one had; `mastered` when it was the first pass as well. */
export type First = 'passed' | 'mastered' | null;

/** Inserts an attempt and what follows from it. Call it within a transaction. */
export function insertAttempt(db: Database, attempt: Attempt): First {
  const passed = attempt.status === 'passed';
  const mastered = passed && attempt.mastered;
  const before = db
    .prepare<[string], { passed_at: number | null; mastered_at: number | null }>(
      'SELECT passed_at, mastered_at FROM exercise WHERE exercise = ?',
    )
    .get(attempt.exercise);
  const values = {
    exercise: attempt.exercise,
    at: Math.round(attempt.at),
    status: attempt.status,
    mastered: mastered ? 1 : 0,
    points: attempt.points,
    maxPoints: attempt.maxPoints,
    suite: attempt.suite,
    files: attempt.files,
    durationMs: attempt.durationMs,
    rules: JSON.stringify(attempt.rules.map(({ id, status }) => ({ id, status }))),
  };
  db.prepare(
    `INSERT INTO attempt (exercise, at, status, mastered, points, max_points, suite, files, duration_ms)
     VALUES (@exercise, @at, @status, @mastered, @points, @maxPoints, @suite, @files, @durationMs)`,
  ).run(values);
  db.prepare(
    `INSERT INTO exercise (exercise, rules) VALUES (@exercise, @rules)
     ON CONFLICT (exercise) DO UPDATE SET rules = excluded.rules`,
  ).run(values);
  const firstPass = passed && (before?.passed_at ?? null) === null;
  const firstMastery = mastered && (before?.mastered_at ?? null) === null;
  if (firstPass) {
    db.prepare(
      `UPDATE exercise SET passed_at = @at, passed_suite = @suite, passed_files = @files WHERE exercise = @exercise`,
    ).run(values);
  }
  if (firstMastery) {
    db.prepare(
      `UPDATE exercise SET mastered_at = @at, mastered_suite = @suite, mastered_files = @files WHERE exercise = @exercise`,
    ).run(values);
  }
  if (firstMastery) return 'mastered';
  return firstPass ? 'passed' : null;
}

/** Keeps the first time. Call it within a transaction. */
export function markUnlocked(db: Database, exercise: string, at: number): void {
  db.prepare(
    `INSERT INTO exercise (exercise, unlocked_at) VALUES (?, ?)
     ON CONFLICT (exercise) DO UPDATE SET unlocked_at = coalesce(unlocked_at, excluded.unlocked_at)`,
  ).run(exercise, Math.round(at));
}

/** Keeps the first time. Call it within a transaction. */
export function markSkipped(db: Database, exercise: string, at: number): void {
  db.prepare(
    `INSERT INTO exercise (exercise, skipped_at) VALUES (?, ?)
     ON CONFLICT (exercise) DO UPDATE SET skipped_at = coalesce(skipped_at, excluded.skipped_at)`,
  ).run(exercise, Math.round(at));
}

/**
 * Keeps that the hints of a rule were shown up to a level, and answers which: what `choose` makes of the level that was
 * reached before (0: none). A level below that one is answered and changes nothing. Call it within a transaction.
 */
export function insertHint(
  db: Database,
  { exercise, rule }: { exercise: string; rule: string },
  at: number,
  choose: (reached: number) => number,
): number {
  const reached = Number(
    db
      .prepare('SELECT coalesce(max(level), 0) FROM hint WHERE exercise = ? AND rule = ?')
      .pluck()
      .get(exercise, rule),
  );
  const level = choose(reached);
  if (level > reached) {
    db.prepare('INSERT INTO exercise (exercise) VALUES (?) ON CONFLICT (exercise) DO NOTHING').run(exercise);
    db.prepare('INSERT INTO hint (exercise, rule, level, at) VALUES (?, ?, ?, ?)').run(
      exercise,
      rule,
      level,
      Math.round(at),
    );
  }
  return level;
}

/** Keeps the first time. Call it within a transaction. */
export function markSolutionShown(db: Database, exercise: string, at: number): void {
  db.prepare(
    `INSERT INTO exercise (exercise, solution_at) VALUES (?, ?)
     ON CONFLICT (exercise) DO UPDATE SET solution_at = coalesce(solution_at, excluded.solution_at)`,
  ).run(exercise, Math.round(at));
}

/** The states of all exercises that have a row, in the order of their ids. */
export function readStates(db: Database): States {
  const states = new Map<string, ExerciseState>();
  for (const row of db.prepare(STATES).all().map(parseRow)) {
    states.set(row.exercise, {
      attempts: row.attempts,
      lastAttemptAt: row.last_at,
      passedAt: row.passed_at,
      masteredAt: row.mastered_at,
      nowFailing: row.passed_at !== null && row.last_status !== null && row.last_status !== 'passed',
      unlocked: row.unlocked_at !== null,
      skipped: row.skipped_at !== null,
      bestPoints: row.best_points,
      lastRules: row.rules,
      hints: row.hints,
      solutionShownAt: row.solution_at,
    });
  }
  return states;
}

/** The newest attempt is the one recorded last, whatever its clock said. */
const STATES = `
  SELECT e.exercise, e.rules, e.passed_at, e.mastered_at, e.unlocked_at, e.skipped_at, e.solution_at,
         newest.at AS last_at, newest.status AS last_status,
         (SELECT count(*) FROM attempt WHERE exercise = e.exercise) AS attempts,
         (SELECT coalesce(max(points), 0) FROM attempt WHERE exercise = e.exercise) AS best_points,
         (SELECT json_group_object(rule, level)
            FROM (SELECT rule, max(level) AS level FROM hint WHERE exercise = e.exercise GROUP BY rule)) AS hints
  FROM exercise e
  LEFT JOIN attempt newest ON newest.id = (SELECT max(id) FROM attempt WHERE exercise = e.exercise)
  ORDER BY e.exercise`;

const time = z.number().nullable();

const row = z.object({
  exercise: z.string(),
  /** Only shown, so a list that someone edited into another form is shown as empty. */
  rules: z
    .string()
    .transform((text): unknown => JSON.parse(text))
    .pipe(z.array(z.object({ id: z.string(), status: ruleStatus })))
    .catch([]),
  passed_at: time,
  mastered_at: time,
  unlocked_at: time,
  skipped_at: time,
  solution_at: time,
  hints: z
    .string()
    .transform((text): unknown => JSON.parse(text))
    .pipe(z.record(z.string(), z.number()))
    .transform((levels) => new Map(Object.entries(levels))),
  last_at: time,
  last_status: z.string().nullable(),
  attempts: z.number(),
  best_points: z.number(),
});

function parseRow(value: unknown): z.infer<typeof row> {
  return row.parse(value);
}
