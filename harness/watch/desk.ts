import type { Exercise } from '../catalog/exercise.ts';
import type { Early } from '../check/check.ts';
import type { SubjectFiles } from '../check/files.ts';
import type { Verdict } from '../verdict/verdict.ts';

/** A verdict with what it brought. */
export type Judged = {
  verdict: Verdict;
  /** The files are the stub as it was handed out. */
  untouched: boolean;
  recorded: boolean;
  /** Ids of the exercises that it unlocked. */
  opened: string[];
};

/** How a verdict is shown. `folded`: rules that passed or wait are only counted. */
export type Look = { folded: boolean };

export type Reset = (exercise: Exercise) => Promise<{ ok: boolean; message: string }>;

/** All that watching needs of the workbook. */
export type Desk = {
  read(exercise: Exercise): Promise<SubjectFiles>;
  /**
   * Judges, and records unless it was abandoned; then null. `onEarly`: told of the rule that the person works on, before
   * the others are done.
   */
  judge(
    exercise: Exercise,
    files: SubjectFiles,
    signal: AbortSignal,
    onEarly: (early: Early) => void,
  ): Promise<Judged | null>;
  /** Starts what the next check will need. Resolves when it is there. */
  prepare(exercise: Exercise): Promise<void>;
  render(exercise: Exercise, judged: Judged, look: Look): string;
  /** One rule, while the others are still being judged. */
  renderEarly(exercise: Exercise, early: Early): string;
  /** The hints of a rule, from vague to clear. */
  hints(exercise: Exercise, rule: string): string[];
  /** Up to which hint of a rule the person sees now; `here`: how many are shown already. It is remembered. */
  showHint(exercise: Exercise, rule: string, here: number): number;
  renderHints(rule: string, shown: readonly string[], total: number): string;
  /** The exercise to go on with; null: none is open, or it is this one. */
  next(exercise: Exercise): Exercise | null;
  /** The list of exercises. */
  overview(): string;
  /** Puts the stub in the place of the learner's files, and keeps a copy of those; null: it cannot be done from here. */
  reset: Reset | null;
  /** Remembers where the person is. */
  keepPlace(exercise: Exercise): void;
};
