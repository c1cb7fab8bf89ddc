import { z } from 'zod';
import type { EditionMade } from './edition.ts';

/** The version of the format below. */
export const RECORD_SCHEMA = 1;

/** What an instructor keeps of an edition; it is no part of it. */
export const editionRecord = z.object({
  schema: z.literal(RECORD_SCHEMA),
  /** ISO 8601, UTC. */
  madeAt: z.string(),
  /** The workbook that it was made from: its version and commit. */
  workbook: z.object({ version: z.string(), commit: z.string().nullable() }),
  exercises: z.array(
    z.object({
      id: z.string(),
      /** SHA-256, as `suite` in the verdicts of learners who work in this edition. */
      suite: z.string(),
      /** Rules that learners do not have. A grade by the whole workbook judges and counts them. */
      heldBack: z.array(z.object({ id: z.string(), title: z.string() })),
    }),
  ),
});
export type EditionRecord = z.infer<typeof editionRecord>;

/** `now`: milliseconds since 1970. */
export function recordOf(
  { commit, exercises }: Pick<EditionMade, 'commit' | 'exercises'>,
  { version, now }: { version: string; now: number },
): EditionRecord {
  return {
    schema: RECORD_SCHEMA,
    madeAt: new Date(now).toISOString(),
    workbook: { version, commit },
    exercises: exercises.map(({ id, suite, heldBack }) => ({ id, suite, heldBack })),
  };
}
