import type { Similarities, SimilarPair } from '../../similar/similar.ts';
import type { Gradebook, StudentExercise } from '../gradebook.ts';
import type { RuleAnalysis } from './analysis.ts';
import type { Ending } from './endings.ts';

/** One line of a submission beside another. */
export type Line = { heading: boolean; text: string };

/** A pair with the text of both; null: there was no room for it. */
export type ShownPair = SimilarPair & { sameTeam: boolean; text: { left: Line[]; right: Line[] } | null };

export type ExerciseReport = {
  exercise: Gradebook['assignment']['exercises'][number];
  rules: RuleAnalysis[];
  /** Null: no submission was kept. */
  similar: Similarities | null;
  pairs: ShownPair[];
};

/** Who is in a pair that is shown, or in a group with one program. */
export function alike({ pairs, similar }: ExerciseReport): Set<string> {
  return new Set([
    ...pairs.flatMap(({ left, right }) => [left, right]),
    ...(similar?.groups ?? []).flatMap(({ students }) => students),
  ]);
}

/** All that the report shows. */
export type ReportData = {
  gradebook: Gradebook;
  exercises: ExerciseReport[];
  /** `student/exercise` → what became of it. */
  endings: ReadonlyMap<string, Ending>;
  /** What could not be read. */
  problems: readonly string[];
};

/** The script and the style of the report, as they stand in it. */
export type Assets = { script: string; style: string };

/** The word for how an exercise ended, and its sign; colour alone says nothing. */
export const STATES = {
  mastered: '★',
  passed: '✓',
  failed: '✗',
  error: '!',
  missing: '–',
} as const;
export type State = keyof typeof STATES;

export function stateOf({ status, mastered }: Pick<StudentExercise, 'status' | 'mastered'>): State {
  return status === 'passed' && mastered ? 'mastered' : status;
}
