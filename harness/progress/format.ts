import type { Database, Sqlite } from './sqlite.ts';

/** The number in the file's `user_version`. A change of the tables adds a migration below, and so counts up. */
export const FORMAT_VERSION = 3;

/** In the file's `application_id`: tells a progress file from any other database. ASCII for `wbpr`. */
const APPLICATION_ID = 0x77627072;

/*
 * The progress file: one SQLite database, format version 3.
 *
 * All times are milliseconds since 1970-01-01 UTC, durations are milliseconds, digests are SHA-256 in hex as the
 * verdict gives them, and an exercise is named by its id, for example `01-http-server`.
 *
 * attempt: what happened. One row for each check that was recorded; rows are never changed or deleted.
 *   id           counts up in the order in which attempts were recorded
 *   exercise     the exercise's id
 *   at           when it was checked
 *   status       passed | failed | error, as in the verdict
 *   mastered     1 when all rules passed, core and extra; otherwise 0
 *   points       points reached
 *   max_points   points that could be reached
 *   suite        digest of the hidden suite
 *   files        digest of the learner's files
 *   duration_ms  how long the check took
 *
 * exercise: what holds now. One row for each exercise that was tried, unlocked or skipped.
 *   exercise     the exercise's id
 *   rules        the rules of the newest attempt: JSON, [{"id": "R1", "status": "passed"}, …]
 *   passed_at, passed_suite, passed_files         of the first attempt that passed; null: never
 *   mastered_at, mastered_suite, mastered_files   of the first attempt that mastered it; null: never
 *   unlocked_at  when the learner opened it by hand; null: never
 *   skipped_at   when the learner chose to skip it; null: never
 *   solution_at  when the solution was shown for the first time; null: never. Earlier than passed_at, or without one:
 *                the learner asked for it before the pass, with a clear word
 *
 * hint: what was shown. One row for each time that a rule's hints went further than before; version 2 brought it.
 *   exercise     the exercise's id
 *   rule         the rule's id
 *   level        how many of the rule's hints were seen then, counted from the vaguest
 *   at           when
 *
 * quiz_answer: what was answered in a quiz. One row for each answer; version 3 brought it.
 *   id           counts up
 *   deck         the deck's id: that of an exercise, or for example `interview`
 *   question     the question's id
 *   at           when
 *   correct      1 or 0
 *
 * quiz_card: when a question comes again. One row for each question that was answered; version 3 brought it.
 *   deck, question
 *   due          when it is to be asked again
 *   stability, difficulty, scheduled_days, learning_steps, reps, lapses, state
 *                what the scheduler (FSRS) knows of it
 *   last_at      when it was answered last
 *
 * The CHECK constraints are there for PRAGMA quick_check: it tests them, and so notices garbage inside a row.
 */
const MIGRATIONS = [
  `CREATE TABLE attempt (
     id INTEGER PRIMARY KEY,
     exercise TEXT NOT NULL,
     at INTEGER NOT NULL,
     status TEXT NOT NULL CHECK (status IN ('passed', 'failed', 'error')),
     mastered INTEGER NOT NULL CHECK (mastered IN (0, 1)),
     points INTEGER NOT NULL,
     max_points INTEGER NOT NULL,
     suite TEXT NOT NULL,
     files TEXT NOT NULL,
     duration_ms REAL NOT NULL
   ) STRICT;
   CREATE INDEX attempt_of_exercise ON attempt (exercise, id);
   CREATE TABLE exercise (
     exercise TEXT PRIMARY KEY NOT NULL,
     rules TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(rules)),
     passed_at INTEGER,
     passed_suite TEXT,
     passed_files TEXT,
     mastered_at INTEGER,
     mastered_suite TEXT,
     mastered_files TEXT,
     unlocked_at INTEGER,
     skipped_at INTEGER
   ) STRICT, WITHOUT ROWID;
   PRAGMA application_id = ${APPLICATION_ID};`,
  `ALTER TABLE exercise ADD COLUMN solution_at INTEGER;
   CREATE TABLE hint (
     exercise TEXT NOT NULL,
     rule TEXT NOT NULL,
     level INTEGER NOT NULL CHECK (level > 0),
     at INTEGER NOT NULL,
     PRIMARY KEY (exercise, rule, level)
   ) STRICT, WITHOUT ROWID;`,
  `CREATE TABLE quiz_answer (
     id INTEGER PRIMARY KEY,
     deck TEXT NOT NULL,
     question TEXT NOT NULL,
     at INTEGER NOT NULL,
     correct INTEGER NOT NULL CHECK (correct IN (0, 1))
   ) STRICT;
   CREATE TABLE quiz_card (
     deck TEXT NOT NULL,
     question TEXT NOT NULL,
     due INTEGER NOT NULL,
     stability REAL NOT NULL,
     difficulty REAL NOT NULL,
     scheduled_days REAL NOT NULL,
     learning_steps INTEGER NOT NULL,
     reps INTEGER NOT NULL,
     lapses INTEGER NOT NULL,
     state INTEGER NOT NULL CHECK (state IN (0, 1, 2, 3)),
     last_at INTEGER NOT NULL,
     PRIMARY KEY (deck, question)
   ) STRICT, WITHOUT ROWID;`,
];

/** `empty`: a new file, nothing in it. `foreign`: a database, but not one of ours. */
export type Format = 'empty' | 'current' | 'older' | 'newer' | 'foreign';

/** Reads which format the file has. Throws what SQLite throws when the file is no database or cannot be read. */
export function readFormat(db: Database): Format {
  const version = versionOf(db);
  const application = Number(db.pragma('application_id', { simple: true }));
  const tables = db.prepare('SELECT count(*) FROM sqlite_schema').pluck().get();
  if (version === 0 && tables === 0) return 'empty';
  if (application !== APPLICATION_ID || version < 1) return 'foreign';
  if (version > FORMAT_VERSION) return 'newer';
  return version < FORMAT_VERSION ? 'older' : 'current';
}

/**
 * Brings a file that is empty or older to the current format, in one transaction; another process may do so at once.
 * `target`: an older format, for those who want to look at one.
 */
export function migrate(db: Database, target: number = FORMAT_VERSION): void {
  db.transaction(() => {
    const version = versionOf(db);
    for (const migration of MIGRATIONS.slice(version, target)) db.exec(migration);
    if (version < target) db.pragma(`user_version = ${target}`);
  }).immediate();
}

/**
 * Names the tables and indexes that a file of its format, current or older, should have and has not, or has in another
 * form. What else is in the file, for example a view that the learner added, does no harm.
 */
export function missingParts(Sqlite: Sqlite, db: Database): string[] {
  const model = new Sqlite(':memory:');
  try {
    migrate(model, versionOf(db));
    const present = new Map(readParts(db).map(({ part, sql }) => [part, sql]));
    return readParts(model)
      .filter(({ part, sql }) => present.get(part) !== sql)
      .map(({ part }) => part);
  } finally {
    model.close();
  }
}

function versionOf(db: Database): number {
  return Number(db.pragma('user_version', { simple: true }));
}

/** The tables and indexes of a file, each with the statement that created it. */
function readParts(db: Database): { part: string; sql: string }[] {
  return db
    .prepare<[], { part: string; sql: string }>(
      `SELECT type || ' ' || name AS part, sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name`,
    )
    .all();
}
