import { z } from 'zod';

/** What a submission held of one exercise: files by their digest, or why there are none. */
export const takenExercise = z.object({
  exercise: z.string(),
  /** SHA-256 over the files, hex, by which the ledger keeps them; null: there are none. */
  digest: z.string().nullable(),
  /** The submission does not hold the exercise at all. */
  missing: z.boolean(),
  /** Why there are none, in a sentence; null: there are some. */
  problem: z.string().nullable(),
});
export type TakenExercise = z.infer<typeof takenExercise>;

/** What was taken from one place. The files themselves are in the ledger, and not in memory. */
export const takenTarget = z.object({
  commit: z.string().nullable(),
  committedAt: z.number().nullable(),
  /** The submission is the working copy that judges. */
  own: z.boolean(),
  exercises: z.array(takenExercise),
});
export type TakenTarget = z.infer<typeof takenTarget>;

/** `message`: why nothing could be taken in, and what to do. */
export type TargetResult = { ok: true; taken: TakenTarget } | { ok: false; message: string };
