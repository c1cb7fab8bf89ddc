import { z } from 'zod';
import { ruleStatus } from '../verdict/verdict.ts';
import { quizCard, writeCard } from './quiz.ts';
import type { Database } from './sqlite.ts';

/** The version of the document below. */
export const TRANSFER_SCHEMA = 1;

const text = z.string().min(1).max(200);
const time = z.number().int().min(0).max(8.64e15);
const digest = z.string().max(200);
const reached = z.object({ at: time, suite: digest, files: digest }).nullable();

const attempt = z.object({
  exercise: text,
  at: time,
  status: z.enum(['passed', 'failed', 'error']),
  mastered: z.boolean(),
  points: z.number().int(),
  maxPoints: z.number().int(),
  suite: digest,
  files: digest,
  durationMs: z.number(),
});

const exercise = z.object({
  exercise: text,
  rules: z.array(z.object({ id: text, status: ruleStatus })).max(1_000),
  passed: reached,
  mastered: reached,
  unlockedAt: time.nullable(),
  skippedAt: time.nullable(),
  solutionAt: time.nullable(),
});

/** All progress as one document, to carry it to another machine. Fields as in format.ts. */
export const progressDocument = z.object({
  kind: z.literal('backend-workbook-progress'),
  schema: z.literal(TRANSFER_SCHEMA),
  attempts: z.array(attempt).max(1_000_000),
  exercises: z.array(exercise).max(1_000),
  hints: z.array(z.object({ exercise: text, rule: text, level: z.number().int().min(1).max(100), at: time })),
  answers: z.array(z.object({ deck: text, question: text, at: time, correct: z.boolean() })),
  cards: z.array(z.object({ deck: text, question: text, card: quizCard })),
});
export type ProgressDocument = z.infer<typeof progressDocument>;
type Attempt = z.infer<typeof attempt>;
type Reached = z.infer<typeof reached>;

/** Reads all of the file. */
export function exportAll(db: Database): ProgressDocument {
  const hints = db.prepare('SELECT exercise, rule, level, at FROM hint ORDER BY at').all();
  const answers = db.prepare('SELECT deck, question, at, correct FROM quiz_answer ORDER BY id').all() as {
    correct: number;
  }[];
  const cards = db
    .prepare(
      `SELECT deck, question, due, stability, difficulty, scheduled_days AS scheduledDays,
         learning_steps AS learningSteps, reps, lapses, state, last_at AS lastAt FROM quiz_card`,
    )
    .all() as { deck: string; question: string }[];
  return progressDocument.parse({
    kind: 'backend-workbook-progress',
    schema: TRANSFER_SCHEMA,
    attempts: readAttempts(db),
    exercises: readExercises(db),
    hints,
    answers: answers.map((each) => ({ ...each, correct: each.correct === 1 })),
    cards: cards.map(({ deck, question, ...card }) => ({ deck, question, card })),
  });
}

/**
 * Adds what a document holds and the file does not: nothing that was reached is lost on either side. Of what both know,
 * the earlier pass counts, and the later answer to a question. Answers how many attempts are new. Call it within a
 * transaction.
 */
export function importAll(db: Database, document: ProgressDocument): number {
  const mine = readAttempts(db);
  const known = new Set(mine.map(keyOf));
  const added = document.attempts.filter((each) => !known.has(keyOf(each)) && known.add(keyOf(each)));
  const newestMine = newestOf(mine);
  const newestTheirs = newestOf(document.attempts);
  // The attempt with the highest number is taken for the newest, so numbers have to follow time again.
  if (added.length > 0)
    writeAttempts(
      db,
      [...mine, ...added].toSorted((a, b) => a.at - b.at),
    );
  const before = new Map(readExercises(db).map((each) => [each.exercise, each]));
  for (const theirs of document.exercises) {
    const ours = before.get(theirs.exercise);
    const isTheirsNewer =
      ours === undefined ||
      (newestTheirs.get(theirs.exercise) ?? -1) > (newestMine.get(theirs.exercise) ?? -1);
    writeExercise(db, {
      exercise: theirs.exercise,
      rules: isTheirsNewer ? theirs.rules : ours.rules,
      passed: first(ours?.passed ?? null, theirs.passed),
      mastered: first(ours?.mastered ?? null, theirs.mastered),
      unlockedAt: earlier(ours?.unlockedAt ?? null, theirs.unlockedAt),
      skippedAt: earlier(ours?.skippedAt ?? null, theirs.skippedAt),
      solutionAt: earlier(ours?.solutionAt ?? null, theirs.solutionAt),
    });
  }
  const hint = db.prepare(
    'INSERT INTO hint (exercise, rule, level, at) VALUES (@exercise, @rule, @level, @at) ON CONFLICT DO NOTHING',
  );
  for (const each of document.hints) hint.run(each);
  importQuiz(db, document);
  return added.length;
}

function importQuiz(db: Database, { answers, cards }: ProgressDocument): void {
  const insert = db.prepare(
    `INSERT INTO quiz_answer (deck, question, at, correct) SELECT @deck, @question, @at, @correct
     WHERE NOT EXISTS (SELECT 1 FROM quiz_answer WHERE deck = @deck AND question = @question AND at = @at)`,
  );
  for (const each of answers) insert.run({ ...each, correct: each.correct ? 1 : 0 });
  const lastAt = db
    .prepare<[string, string], number>('SELECT last_at FROM quiz_card WHERE deck = ? AND question = ?')
    .pluck();
  for (const { deck, question, card } of cards) {
    if (card.lastAt > (lastAt.get(deck, question) ?? -1)) writeCard(db, deck, question, card);
  }
}

function readAttempts(db: Database): Attempt[] {
  const rows = db
    .prepare(
      `SELECT exercise, at, status, mastered, points, max_points AS maxPoints, suite, files, duration_ms AS durationMs
       FROM attempt ORDER BY id`,
    )
    .all() as { mastered: number }[];
  return rows.map((row) => attempt.parse({ ...row, mastered: row.mastered === 1 }));
}

function writeAttempts(db: Database, attempts: readonly Attempt[]): void {
  db.prepare('DELETE FROM attempt').run();
  const insert = db.prepare(
    `INSERT INTO attempt (exercise, at, status, mastered, points, max_points, suite, files, duration_ms)
     VALUES (@exercise, @at, @status, @mastered, @points, @maxPoints, @suite, @files, @durationMs)`,
  );
  for (const each of attempts) insert.run({ ...each, mastered: each.mastered ? 1 : 0 });
}

type Exercise = z.infer<typeof exercise>;

const exerciseRow = z.object({
  exercise: z.string(),
  rules: z.string().transform((json): unknown => JSON.parse(json)),
  passed_at: time.nullable(),
  passed_suite: digest.nullable(),
  passed_files: digest.nullable(),
  mastered_at: time.nullable(),
  mastered_suite: digest.nullable(),
  mastered_files: digest.nullable(),
  unlocked_at: time.nullable(),
  skipped_at: time.nullable(),
  solution_at: time.nullable(),
});

function readExercises(db: Database): Exercise[] {
  return db
    .prepare('SELECT * FROM exercise ORDER BY exercise')
    .all()
    .map((value) => {
      const row = exerciseRow.parse(value);
      const rules = exercise.shape.rules.safeParse(row.rules);
      return {
        exercise: row.exercise,
        rules: rules.success ? rules.data : [],
        passed: reachedOf(row.passed_at, row.passed_suite, row.passed_files),
        mastered: reachedOf(row.mastered_at, row.mastered_suite, row.mastered_files),
        unlockedAt: row.unlocked_at,
        skippedAt: row.skipped_at,
        solutionAt: row.solution_at,
      };
    });
}

function writeExercise(db: Database, { passed, mastered, rules, ...others }: Exercise): void {
  db.prepare(
    `INSERT OR REPLACE INTO exercise (exercise, rules, passed_at, passed_suite, passed_files, mastered_at,
       mastered_suite, mastered_files, unlocked_at, skipped_at, solution_at)
     VALUES (@exercise, @rules, @passedAt, @passedSuite, @passedFiles, @masteredAt, @masteredSuite, @masteredFiles,
       @unlockedAt, @skippedAt, @solutionAt)`,
  ).run({
    ...others,
    rules: JSON.stringify(rules),
    passedAt: passed?.at ?? null,
    passedSuite: passed?.suite ?? null,
    passedFiles: passed?.files ?? null,
    masteredAt: mastered?.at ?? null,
    masteredSuite: mastered?.suite ?? null,
    masteredFiles: mastered?.files ?? null,
  });
}

function reachedOf(at: number | null, suite: string | null, files: string | null): Reached {
  return at === null ? null : { at, suite: suite ?? '', files: files ?? '' };
}

function first(a: Reached, b: Reached): Reached {
  if (a === null || b === null) return a ?? b;
  return a.at <= b.at ? a : b;
}

function earlier(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b;
  return Math.min(a, b);
}

function newestOf(attempts: readonly Attempt[]): Map<string, number> {
  const newest = new Map<string, number>();
  for (const { exercise: id, at } of attempts) newest.set(id, Math.max(at, newest.get(id) ?? 0));
  return newest;
}

/** Two attempts of the same files at the same moment are one. */
function keyOf({ exercise: id, at, files, status }: Attempt): string {
  return `${id} ${at} ${status} ${files}`;
}
