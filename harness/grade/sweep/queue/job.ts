import { z } from 'zod';
import { digestFiles } from '../../../catalog/editable.ts';
import { parseVerdict } from '../../../verdict/verdict.ts';
import type { Verdict } from '../../../verdict/verdict.ts';
import { keyOf } from '../work.ts';
import type { WorkParts } from '../work.ts';

/** The name of the queue in Redis. One sweep at a time uses it. */
export const QUEUE = 'workbook-sweep';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/**
 * What a worker gets: files to judge, as text, and digests of what they have to be judged with. Nothing of it is ever run by
 * the worker itself: suites and harness are those of its own checkout.
 */
export const queueJob = z.strictObject({
  schema: z.literal(1),
  key: sha256,
  parts: z.strictObject({
    exercise: z.string().max(100),
    files: sha256,
    suite: sha256,
    harness: sha256,
    node: z.string().max(20),
    isolation: z.enum(['namespace', 'permission', 'none']),
  }),
  files: z.record(z.string().max(1_000), z.string()),
});
export type QueueJob = z.infer<typeof queueJob>;

/** What comes back. */
export const queueResult = z.strictObject({ schema: z.literal(1), key: sha256, verdict: z.unknown() });

/** Reads what came out of Redis. `message`: why nothing is judged. */
export function readJob(value: unknown): { ok: true; job: QueueJob } | { ok: false; message: string } {
  const parsed = queueJob.safeParse(value);
  if (!parsed.success)
    return { ok: false, message: `This is no job of a sweep: ${z.prettifyError(parsed.error)}` };
  const job = parsed.data;
  const isWhole =
    keyOf(job.parts) === job.key && digestFiles(new Map(Object.entries(job.files))) === job.parts.files;
  return isWhole ? { ok: true, job } : { ok: false, message: 'The job holds other files than it says.' };
}

/** Reads what a worker answered. Only a verdict on the very thing that was asked is one. */
export function readResult(
  value: unknown,
  key: string,
  parts: WorkParts,
): { ok: true; verdict: Verdict } | { ok: false; message: string } {
  const parsed = queueResult.safeParse(value);
  if (!parsed.success) return { ok: false, message: 'A worker answered with something that is no result.' };
  const read = parseVerdict(parsed.data.verdict);
  if (!read.ok) return { ok: false, message: 'A worker answered with something that is no verdict.' };
  const { verdict } = read;
  const isAsked =
    parsed.data.key === key &&
    verdict.exercise === parts.exercise &&
    verdict.files === parts.files &&
    verdict.suite === parts.suite &&
    verdict.isolation === parts.isolation;
  return isAsked ? read : { ok: false, message: 'A worker answered with the verdict on something else.' };
}

/** What of a checkout is another than a job wants, in words for people; empty: nothing. */
export function mismatch(wanted: WorkParts, here: Omit<WorkParts, 'files' | 'isolation'>): string[] {
  const known: [part: 'harness' | 'suite' | 'node', words: string][] = [
    ['harness', 'another version of the workbook'],
    ['suite', `another suite of ${wanted.exercise}`],
    ['node', `Node.js ${here.node} where ${wanted.node} is wanted`],
  ];
  return known.filter(([part]) => wanted[part] !== here[part]).map(([, words]) => words);
}
