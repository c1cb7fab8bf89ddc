import { z } from 'zod';
import type { Database } from './sqlite.ts';

/** An attempt as the history shows it. `id` counts up. */
export type PastAttempt = {
  id: number;
  exercise: string;
  at: number;
  status: 'passed' | 'failed' | 'error';
  mastered: boolean;
  points: number;
  maxPoints: number;
  durationMs: number;
};

/** What happened on one day of the learner's calendar, `2026-03-01`. */
export type DayCount = { day: string; attempts: number; passes: number };

/** `attempts`: newest first. `older`: there are more before them. `days`: those with attempts, oldest first. */
export type History = { attempts: PastAttempt[]; older: boolean; days: DayCount[]; total: number };

/** `before`: only attempts with a lower number; null: from the newest on. `since`: the first moment that `days` count. */
export type HistoryQuery = { before: number | null; limit: number; since: number };

export function readHistory(db: Database, { before, limit, since }: HistoryQuery): History {
  const rows = db
    .prepare(
      `SELECT id, exercise, at, status, mastered, points, max_points AS maxPoints, duration_ms AS durationMs
       FROM attempt WHERE id < ? ORDER BY id DESC LIMIT ?`,
    )
    .all(before ?? Number.MAX_SAFE_INTEGER, limit + 1)
    .map((value) => row.parse(value));
  const days = db
    .prepare(
      `SELECT date(at / 1000, 'unixepoch', 'localtime') AS day, count(*) AS attempts,
         sum(status = 'passed') AS passes
       FROM attempt WHERE at >= ? GROUP BY day ORDER BY day`,
    )
    .all(since)
    .map((value) => dayRow.parse(value));
  const total = Number(db.prepare('SELECT count(*) FROM attempt').pluck().get());
  return { attempts: rows.slice(0, limit), older: rows.length > limit, days, total };
}

const row = z.object({
  id: z.number(),
  exercise: z.string(),
  at: z.number(),
  status: z.enum(['passed', 'failed', 'error']),
  mastered: z.number().transform((value) => value === 1),
  points: z.number(),
  maxPoints: z.number(),
  durationMs: z.number(),
});

const dayRow = z.object({ day: z.string(), attempts: z.number(), passes: z.number() });
