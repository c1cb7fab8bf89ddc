import { z } from 'zod';
import type { FileLimits } from './messages.ts';
import { runProbe } from './process.ts';
import type { ProbePlace } from './process.ts';

const USUAL_LIMITS: FileLimits = { files: 1_000, fileBytes: 1 << 20, totalBytes: 4 << 20, depth: 10 };
const USUAL_WITHIN = 5_000;

const answerShape = z.discriminatedUnion('ok', [
  z.object({
    ok: z.literal(true),
    files: z.array(
      z.discriminatedUnion('kind', [
        z.object({ path: z.string(), kind: z.literal('file'), base64: z.string() }),
        z.object({ path: z.string(), kind: z.literal('other'), what: z.string() }),
      ]),
    ),
  }),
  z.object({ ok: z.literal(false), why: z.string() }),
]);

/** Files by path (forward slashes), and what else lies there by path and kind. */
export type TreeRead =
  | { ok: true; files: Map<string, Buffer>; others: Map<string, string> }
  /** `why`: a sentence for the learner. */
  | { ok: false; why: string };

/**
 * Reads what a subject wrote into `folder`, in a disposable process that may read that folder and nothing else. `place`:
 * of the probes. `within`: milliseconds.
 */
export async function readWritten(
  place: ProbePlace,
  folder: string,
  options: { limits?: Partial<FileLimits>; within?: number } = {},
): Promise<TreeRead> {
  const limits = { ...USUAL_LIMITS, ...options.limits };
  const request = { op: 'files', folder, limits } as const;
  const access = { read: [folder], write: [], addons: false };
  const ran = await runProbe(place, request, access, {
    within: options.within ?? USUAL_WITHIN,
    most: 2 * limits.totalBytes,
  });
  if (!ran.ok) return ran;
  const parsed = answerShape.safeParse(parseJson(ran.text));
  if (!parsed.success) return { ok: false, why: 'what was written could not be read' };
  if (!parsed.data.ok) return parsed.data;
  const files = new Map<string, Buffer>();
  const others = new Map<string, string>();
  for (const found of parsed.data.files) {
    if (found.kind === 'file') files.set(found.path, Buffer.from(found.base64, 'base64'));
    else others.set(found.path, found.what);
  }
  return { ok: true, files, others };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}
