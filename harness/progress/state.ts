import type { RuleResult, Verdict } from '../verdict/verdict.ts';

/** One check, as it is recorded. */
export type Attempt = {
  /** The exercise's id. */
  exercise: string;
  /** When it was checked, in milliseconds since 1970. */
  at: number;
  status: Verdict['status'];
  mastered: boolean;
  points: number;
  maxPoints: number;
  /** Digest of the hidden suite, as in the verdict. */
  suite: string;
  /** Digest of the learner's files, as in the verdict. */
  files: string;
  rules: RuleOutcome[];
  durationMs: number;
};

export type RuleOutcome = { id: string; status: RuleResult['status'] };

/** What holds for one exercise now. Times are milliseconds since 1970. */
export type ExerciseState = {
  attempts: number;
  lastAttemptAt: number | null;
  /** When it passed for the first time; a later failure does not take it away. */
  passedAt: number | null;
  /** When all its rules passed for the first time. */
  masteredAt: number | null;
  /** It passed once, and the newest attempt did not. */
  nowFailing: boolean;
  /** The learner opened it by hand. */
  unlocked: boolean;
  skipped: boolean;
  bestPoints: number;
  /** The rules of the newest attempt; empty when no rule could run or nothing was tried. */
  lastRules: RuleOutcome[];
  /** By rule id: how many of its hints were shown, counted from the vaguest. Rules without any have no entry. */
  hints: ReadonlyMap<string, number>;
  /** When the solution was shown for the first time; before `passedAt`, or without it, it was asked for by a clear word. */
  solutionShownAt: number | null;
};

/** By exercise id. An exercise that was never tried, unlocked or skipped has no entry; see `UNTRIED`. */
export type States = ReadonlyMap<string, ExerciseState>;

/** The state of an exercise that has none yet. */
export const UNTRIED: ExerciseState = Object.freeze({
  attempts: 0,
  lastAttemptAt: null,
  passedAt: null,
  masteredAt: null,
  nowFailing: false,
  unlocked: false,
  skipped: false,
  bestPoints: 0,
  lastRules: [],
  hints: new Map(),
  solutionShownAt: null,
});
