import type { Exercise } from '../catalog/exercise.ts';
import type { Replacement } from '../catalog/replace-editable.ts';
import type { Solution } from '../catalog/solution.ts';
import type { ExerciseState } from '../progress/progress.ts';
import type { HistoryDesk } from './history-routes.ts';
import type { Desk } from '../watch/desk.ts';

/** Where the learner stands with an exercise, as `npm run list` tells it. */
export type MapEntry = {
  id: string;
  state: 'planned' | 'failing' | 'mastered' | 'passed' | 'skipped' | 'broken' | 'locked' | 'open';
  title: string | null;
  phase: number | null;
  minutes: number | null;
  difficulty: number | null;
  requires: string[] | null;
  /** What a locked exercise waits for. */
  missing: string[];
  core: { passed: number; total: number } | null;
  attempts: number;
  passedAt: number | null;
  masteredAt: number | null;
  /** What assignments ask of it, the most urgent first. `words`: when it opens or is due; null: nothing that matters now. */
  tasks: { title: string; asks: 'core' | 'all'; due: number | null; words: string | null }[];
  problem: { file: string; key: string | null; expected: string; message: string } | null;
};

export type Overview = {
  /** False: the progress file cannot be used. */
  progress: boolean;
  /** The exercise to go on with. */
  current: string | null;
  minutesLeft: number;
  exercises: MapEntry[];
};

/** How one file differs between two programs; `lines` are those of a unified diff. */
export type FileDiff = { path: string; yours: boolean; theirs: boolean } & (
  { kind: 'same' } | { kind: 'far' } | { kind: 'differs'; lines: string[] }
);

export type Lock = { kind: 'open' } | { kind: 'locked'; missing: string[] };

/** What came of a change; the message is for the learner. */
export type Outcome = { ok: boolean; message: string };

/** `replacement` null: the files are the starting code already. */
export type ResetPlan = { ok: true; replacement: Replacement | null } | { ok: false; message: string };

/** All that the page needs of the workbook. */
export type PageDesk = Pick<Desk, 'read' | 'judge' | 'prepare'> &
  HistoryDesk & {
    /** Those that could be loaded. */
    exercises(): readonly Exercise[];
    overview(): Overview;
    lock(exercise: Exercise): Lock;
    state(id: string): ExerciseState;
    /** When an assignment opens it or it is due, in a few words; null: nothing that matters now. */
    due(exercise: Exercise): string | null;
    /** By rule, from vague to clear. */
    hints(exercise: Exercise): ReadonlyMap<string, string[]>;
    /** Shows the next hint of a rule. It is remembered. */
    showHint(exercise: Exercise, rule: string): Outcome;
    /** The exercise to go on with; null: none is open, or it is this one. */
    next(exercise: Exercise): Exercise | null;
    keepPlace(exercise: Exercise): void;
    /** Where the learner was last. */
    place(): string | null;
    unlock(id: string): Outcome;
    skip(id: string): Outcome;
    resetPlan(exercise: Exercise): Promise<ResetPlan>;
    reset(exercise: Exercise): Promise<Outcome>;
    solution(exercise: Exercise): Promise<({ ok: true } & Solution) | { ok: false; message: string }>;
    /** Remembers that the solution was shown. */
    showSolution(id: string): Outcome;
    diff(yours: ReadonlyMap<string, string>, theirs: ReadonlyMap<string, string>): FileDiff[];
  };
