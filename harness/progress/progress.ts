import { fileIdentity, openFile } from './file.ts';
import type { OpenedFile, OpenResult } from './file.ts';
import {
  insertAttempt,
  insertHint,
  markSkipped,
  markSolutionShown,
  markUnlocked,
  readStates,
} from './record.ts';
import type { First } from './record.ts';
import { readHistory } from './history.ts';
import type { History, HistoryQuery } from './history.ts';
import { insertAnswer, readCards } from './quiz.ts';
import type { QuizAnswer, QuizCard, QuizCards } from './quiz.ts';
import { explainProblem, fileProblem, loadSqlite } from './sqlite.ts';
import type { Database } from './sqlite.ts';
import { exportAll, importAll, progressDocument } from './transfer.ts';
import type { ProgressDocument } from './transfer.ts';
import { UNTRIED } from './state.ts';
import type { Attempt, ExerciseState, States } from './state.ts';

export { UNTRIED } from './state.ts';
export type { History, HistoryQuery } from './history.ts';
export type { ProgressDocument } from './transfer.ts';
export type { QuizAnswer, QuizCard, QuizCards } from './quiz.ts';
export type { Attempt, ExerciseState, RuleOutcome, States } from './state.ts';

export type Saved = { ok: true } | { ok: false; message: string };

/** `first`: what this attempt reached for the first time; `mastered` when it reached both. */
export type Recorded = { ok: true; first: First } | { ok: false; message: string };

/** `level`: up to which hint of the rule the learner is shown now. */
export type HintShown = { ok: true; level: number } | { ok: false; message: string };

/** `attempts`: how many of them were new. */
export type Imported = { ok: true; attempts: number } | { ok: false; message: string };

/** `card`: when the question comes again. */
export type Answered = { ok: true; card: QuizCard } | { ok: false; message: string };

export type Progress = {
  /** Keeps an attempt, and the pass or mastery it brings. When it returns `ok`, the record survives kill -9. */
  recordAttempt(attempt: Attempt): Recorded;
  /** Opens an exercise by hand. The first time is kept. */
  unlock(exercise: string): Saved;
  /** Skips an exercise: those that require it open. The first time is kept. */
  skip(exercise: string): Saved;
  /**
   * Keeps that hints of a rule were shown. `choose` makes the level to show of the one that was reached before (0: none);
   * two processes that ask for the next one get one after the other.
   */
  showHint(exercise: string, rule: string, choose: (reached: number) => number): HintShown;
  /** Keeps that the solution was shown. The first time is kept. */
  showSolution(exercise: string): Saved;
  /** Keeps an answer of a quiz. `next` makes the card after it of the one before (null: the question was new). */
  answerQuiz(answer: Omit<QuizAnswer, 'at'>, next: (card: QuizCard | null, at: number) => QuizCard): Answered;
  /** What is remembered of all decks; nothing where the file cannot be read, and a note says so. */
  quizCards(): QuizCards;
  /** Attempts, newest first; null where the file cannot be read, and a note says so. */
  history(query: HistoryQuery): History | null;
  /** All of it, to carry it elsewhere; null where the file cannot be read, and a note says so. */
  exportAll(): ProgressDocument | null;
  /** Adds what a document of `exportAll` holds. Nothing is lost, and nothing of a document that is none is taken. */
  importAll(document: unknown): Imported;
  /** Never throws for a bad file: it then answers what was read last and adds a note. */
  state(exercise: string): ExerciseState;
  /** All exercises that have a state; fails like `state`. */
  states(): States;
  /**
   * Sentences for the learner, oldest first: those of opening, and any that came up later, for example when the file
   * is damaged while it is open.
   */
  readonly notes: readonly string[];
  close(): void;
};

export type ProgressOptions = {
  /** How long a call waits for other processes, in milliseconds. Default: 10 000. */
  busyTimeoutMs?: number;
  /** The time of `unlock`, `skip`, hints and solutions, and of a file set aside; milliseconds since 1970. Default: `Date.now`. */
  now?: () => number;
  /** A file whose node_modules hold better-sqlite3. Default: this file. */
  loadFrom?: string;
};

export type OpenedProgress =
  | { ok: true; progress: Progress; notes: readonly string[] }
  | { ok: false; reason: 'native-module' | 'unwritable' | 'newer'; message: string };

/**
 * Opens the progress file, for example `.workbook/progress.sqlite`, and creates it and its folder where needed. A
 * damaged file is renamed, never deleted, and a new one is begun; `notes` (the same list as `progress.notes`) says so.
 * Without progress a check can go on: print the message and judge. The file is the learner's own, and no grade reads it.
 */
export function openProgress(file: string, options: ProgressOptions = {}): OpenedProgress {
  const loaded = loadSqlite(options.loadFrom ?? import.meta.url);
  if (!loaded.ok) return { ok: false, reason: 'native-module', message: loaded.message };
  const open = (suspect: boolean) =>
    openFile(loaded.Sqlite, file, {
      busyTimeoutMs: options.busyTimeoutMs ?? 10_000,
      now: options.now ?? Date.now,
      suspect,
    });
  const opened = open(false);
  if (!opened.ok) return opened;
  const progress = new ProgressFile(file, open, opened, options.now ?? Date.now);
  return { ok: true, progress, notes: progress.notes };
}

class ProgressFile implements Progress {
  readonly notes: string[] = [];
  readonly #file: string;
  readonly #open: (suspect: boolean) => OpenResult;
  readonly #now: () => number;
  #opened: OpenedFile | null = null;
  #closed = false;
  #lastRead: States = new Map();

  constructor(file: string, open: (suspect: boolean) => OpenResult, opened: OpenedFile, now: () => number) {
    this.#file = file;
    this.#open = open;
    this.#now = now;
    this.#adopt(opened);
  }

  recordAttempt(attempt: Attempt): Recorded {
    const saved = this.#write(`The result of ${attempt.exercise}`, (db) => insertAttempt(db, attempt));
    return saved.ok ? { ok: true, first: saved.value } : saved;
  }

  unlock(exercise: string): Saved {
    const at = this.#now();
    const saved = this.#write(`The unlocking of ${exercise}`, (db) => markUnlocked(db, exercise, at));
    return saved.ok ? { ok: true } : saved;
  }

  skip(exercise: string): Saved {
    const at = this.#now();
    const saved = this.#write(`The skipping of ${exercise}`, (db) => markSkipped(db, exercise, at));
    return saved.ok ? { ok: true } : saved;
  }

  showHint(exercise: string, rule: string, choose: (reached: number) => number): HintShown {
    const at = this.#now();
    const saved = this.#write(`The hint for ${exercise} ${rule}`, (db) =>
      insertHint(db, { exercise, rule }, at, choose),
    );
    return saved.ok ? { ok: true, level: saved.value } : saved;
  }

  showSolution(exercise: string): Saved {
    const at = this.#now();
    const saved = this.#write(`The look at the solution of ${exercise}`, (db) =>
      markSolutionShown(db, exercise, at),
    );
    return saved.ok ? { ok: true } : saved;
  }

  answerQuiz(
    answer: Omit<QuizAnswer, 'at'>,
    next: (card: QuizCard | null, at: number) => QuizCard,
  ): Answered {
    const at = this.#now();
    const saved = this.#write(`The answer to ${answer.deck} ${answer.question}`, (db) =>
      insertAnswer(db, { ...answer, at }, (card) => next(card, at)),
    );
    return saved.ok ? { ok: true, card: saved.value } : saved;
  }

  quizCards(): QuizCards {
    return this.#read(readCards, new Map());
  }

  history(query: HistoryQuery): History | null {
    return this.#read<History | null>((db) => readHistory(db, query), null);
  }

  exportAll(): ProgressDocument | null {
    return this.#read<ProgressDocument | null>(exportAll, null);
  }

  importAll(document: unknown): Imported {
    const parsed = progressDocument.safeParse(document);
    if (!parsed.success) return { ok: false, message: NO_DOCUMENT };
    const saved = this.#write('What was to be imported', (db) => importAll(db, parsed.data));
    return saved.ok ? { ok: true, attempts: saved.value } : saved;
  }

  state(exercise: string): ExerciseState {
    return this.states().get(exercise) ?? UNTRIED;
  }

  states(): States {
    this.#lastRead = this.#read(readStates, this.#lastRead);
    return this.#lastRead;
  }

  close(): void {
    this.#closed = true;
    this.#release();
  }

  /** Never throws for a bad file: it then answers `otherwise`, and adds a note. */
  #read<T>(work: (db: Database) => T, otherwise: T): T {
    const read = this.#use(work);
    if (read.ok) return read.value;
    const note = `Your progress could not be read from ${this.#file}. ${read.message}`;
    if (!this.notes.includes(note)) this.notes.push(note);
    return otherwise;
  }

  /** Runs `work` in one transaction, which no other process can come between. */
  #write<T>(what: string, work: (db: Database) => T): Outcome<T> {
    const saved = this.#use((db) => db.transaction(work).immediate(db));
    if (saved.ok) return saved;
    return {
      ok: false,
      message: `${what} could not be saved in ${this.#file}; what was saved before is kept. ${saved.message}`,
    };
  }

  /**
   * Runs `work` on the file that is at the path now. When another process set the open file aside, or someone deleted
   * it, the one that took its place is opened. A file that turns out to be damaged is opened again as a suspect, which
   * sets it aside, and `work` is repeated on the new one.
   */
  #use<T>(work: (db: Database) => T): Outcome<T> {
    if (this.#closed) throw new Error('progress was used after close()');
    let message = '';
    let suspect = false;
    for (let tries = 0; tries < MAX_TRIES; tries++) {
      const opened = this.#opened ?? this.#open(suspect);
      if (!opened.ok) return { ok: false, message: opened.message };
      if (this.#opened === null) this.#adopt(opened);
      const { db, identity, lock } = opened;
      try {
        const isInPlace = () => fileIdentity(this.#file) === identity;
        const done = lock.shared(() => (isInPlace() ? { value: work(db) } : null));
        if (done !== null) return { ok: true, value: done.value };
        message = explainProblem('moved', 'it was replaced');
      } catch (error) {
        const problem = fileProblem(error);
        if (problem === null) throw error;
        message = explainProblem(problem, error);
        if (problem !== 'damaged' && problem !== 'moved') return { ok: false, message };
        suspect = problem === 'damaged';
      }
      this.#release();
    }
    return { ok: false, message };
  }

  #adopt(opened: OpenedFile): void {
    this.#opened = opened;
    this.notes.push(...opened.notes);
  }

  #release(): void {
    this.#opened?.db.close();
    this.#opened?.lock.close();
    this.#opened = null;
  }
}

type Outcome<T> = { ok: true; value: T } | { ok: false; message: string };

/** A file is replaced or repaired once at most; a second time means that something else is wrong. */
const MAX_TRIES = 3;

const NO_DOCUMENT =
  'This is no progress that a workbook exported, or another version of the workbook wrote it. Nothing was changed.';
