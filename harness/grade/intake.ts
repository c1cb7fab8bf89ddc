import type { SkippedFile } from '../catalog/editable.ts';
import type { Exercise } from '../catalog/exercise.ts';
import type { SourceFiles } from '../compile/compile.ts';

/** How a submission was handed in. */
export type SubmissionKind = 'folder' | 'archive' | 'git';

/** The files of one exercise in a submission, in memory. Nothing else of a submission is ever used. */
export type Taken = {
  exercise: Exercise;
  /** The files that the exercise declares editable, or why none of them can be used. */
  sources: { ok: true; files: SourceFiles } | { ok: false; message: string };
  /** What was passed over, and why. Paths are printable. */
  refused: readonly SkippedFile[];
};

export type Intake = {
  kind: SubmissionKind;
  /** The commit that was taken, as git names it; null: the submission was no commit. */
  commit: string | null;
  /** The date that the commit says of itself, in milliseconds since 1970: whatever its author wanted. Null: it says none. */
  committedAt: number | null;
  /** The submission is this working copy: whoever handed it in could have changed the suites as well. */
  own: boolean;
  taken: readonly Taken[];
};

/** `message`: why nothing can be judged, and what to do. It is the caller's matter, not the learner's. */
export type IntakeResult = { ok: true; intake: Intake } | { ok: false; message: string };

/**
 * Where the files of an exercise lie in a submission: `workbook`, in `exercises/ID/` as in a copy of the workbook;
 * `exercise`, at the top, which is possible for one exercise alone.
 */
export type Layout = 'workbook' | 'exercise';

/** A submission as a whole that cannot be read. Each exercise then gets an error for a verdict, and no points. */
export function unreadable(exercises: readonly Exercise[], message: string): Taken[] {
  return exercises.map((exercise) => ({ exercise, sources: { ok: false, message }, refused: [] }));
}

/** Why an exercise that a submission does not hold cannot be judged. */
export function missingText(id: string): string {
  return `The submission has no folder exercises/${id}/. Hand in a copy of the workbook, or for one exercise its own folder.`;
}
