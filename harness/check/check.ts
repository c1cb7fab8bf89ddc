import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import type { Exercise, Part } from '../catalog/exercise.ts';
import { compile, missingFile } from '../compile/compile.ts';
import type { Compiled, SourceFiles } from '../compile/compile.ts';
import { RedisServer } from '../probe/redis.ts';
import { Subject } from '../subject/subject.ts';
import type { CompiledPart, SubjectEvent } from '../subject/subject.ts';
import type { Verdict } from '../verdict/verdict.ts';
import type { Engine } from './engine.ts';
import { assemble } from './assemble.ts';
import { Run, usesRedis } from './run.ts';
import type { Evidence } from './assemble.ts';

export type CheckRequest = {
  exercise: Exercise;
  /** The learner's files, or why they cannot be read. */
  files: { ok: true; files: SourceFiles } | { ok: false; message: string };
  /** Absolute folder that the learner's files lie in; named in stack traces. */
  folder: string;
  /** Rules to try (with what they need); null: all. */
  only: readonly string[] | null;
  /** `random`: another order on every seed, needs first. */
  order: 'building' | 'random';
  seed: number;
  inspect: boolean;
  /** Multiplies all time limits of the program; 1 when left out. */
  pace?: number;
  /** Environment of the program beyond the bare minimum. */
  env: Readonly<Record<string, string>>;
  /** The address of a real Redis to use; left out: that of REDIS_URL, or none. */
  redisUrl?: string | null;
  root: string;
  build: string;
  digests: { suite: string; files: string };
  harness: string;
  /** Told as each rule ends, for progress on a terminal. */
  onRule?: (id: string, status: string) => void;
};

/** A verdict, and the fingerprints of the rules that failed (rule id to fingerprint). */
export type Checked = { verdict: Verdict; fingerprints: Map<string, string> };

/** Judges one subject against one exercise. Never throws for anything that a subject does. */
export async function check(engine: Engine, request: CheckRequest): Promise<Checked> {
  const begun = performance.now();
  const evidence: Evidence = {
    results: [],
    errors: new Map(),
    harness: null,
    notes: [],
    output: { text: '', truncated: false },
  };
  const parts = request.exercise.parts.map((part): CompiledPart => ({ part, text: null }));
  const now = startOfClock(request.seed);
  let tell: (event: SubjectEvent) => void = () => {};
  const subject = new Subject({
    parts,
    now,
    seed: request.seed,
    onEvent: (event) => tell(event),
    root: request.root,
    hostFile: join(request.build, 'host.mjs'),
    isolation: 'permission',
    env: request.env,
    inspect: request.inspect,
    pace: request.pace ?? 1,
  });
  const redis = redisFor(request);
  // Processes first: they start while this one loads what it needs itself.
  if (request.files.ok) subject.warm();
  try {
    const compiling = compileParts(parts, request, evidence);
    engine.warm(request.exercise.suites);
    await compiling;
    const run = new Run({ request, subject, evidence, now, redis });
    tell = (event) => engine.tell(event);
    await run.loadCoreParts();
    if (run.coreCanRun()) {
      const ran = await engine.run(request.exercise.folder, request.exercise.suites, (message) =>
        run.answer(message),
      );
      if (!ran.ok) evidence.harness = ran.why;
    }
  } finally {
    await Promise.all([subject.dispose(), redis?.end()]);
  }
  evidence.output = subject.output();
  return assemble(request, evidence, performance.now() - begun);
}

/** Started with the hosts, so that nobody waits for it. */
function redisFor({
  exercise,
  root,
  build,
  redisUrl = process.env['REDIS_URL'] ?? null,
}: CheckRequest): RedisServer | null {
  if (!exercise.parts.some(usesRedis)) return null;
  return new RedisServer({ root, build, real: redisUrl === '' ? null : redisUrl });
}

/** Gives each part its text, or notes why it has none; what has none is never loaded. */
async function compileParts(
  parts: readonly CompiledPart[],
  request: CheckRequest,
  evidence: Evidence,
): Promise<void> {
  await Promise.all(
    parts.map(async (compiled) => {
      const { name } = compiled.part;
      if (!request.files.ok) {
        evidence.errors.set(name, { kind: 'files', message: request.files.message, frames: [] });
        return;
      }
      const { files } = request.files;
      const result = await compilePart(compiled.part, files, request.folder);
      if (result.ok) Object.assign(compiled, { text: result.text, sources: files });
      else evidence.errors.set(name, { kind: result.kind, message: result.message, frames: result.frames });
    }),
  );
}

async function compilePart(
  part: Part,
  files: SourceFiles,
  folder: string,
): Promise<Compiled | { ok: true; text: null }> {
  if (part.kind === 'sql' || part.kind === 'files') {
    if (files.has(part.entry)) return { ok: true, text: null };
    return { ok: false, kind: 'files', message: missingFile(part.entry), frames: [] };
  }
  const { entry, packages, modules } = part;
  return await compile({ files, entry, packages, modules, folder });
}

/** An instant in the thirties of this century, another for every seed, in milliseconds since 1970. */
function startOfClock(seed: number): number {
  const DAY = 86_400_000;
  return Date.UTC(2031, 0, 1) + (seed % 3000) * DAY + ((seed * 7919) % DAY);
}
