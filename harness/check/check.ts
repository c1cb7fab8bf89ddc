import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import type { Exercise, Part } from '../catalog/exercise.ts';
import { compile, missingFile } from '../compile/compile.ts';
import type { Compiled, SourceFiles } from '../compile/compile.ts';
import { RedisServer } from '../probe/redis.ts';
import type { SpareProbes } from '../probe/spare.ts';
import { probeIsolation } from '../subject/namespace/probe.ts';
import { Subject } from '../subject/subject.ts';
import type { CompiledPart, SubjectEvent, SubjectOptions } from '../subject/subject.ts';
import type { BootOptions } from '../subject/boot.ts';
import type { Isolation } from '../subject/isolation.ts';
import { OUTPUT_LIMIT } from '../subject/output.ts';
import type { Kit } from '../subject/kit.ts';
import type { SentRequest, SuiteReply, SuiteRequest } from '../suite/link.ts';
import type { Verdict } from '../verdict/verdict.ts';
import type { Engine } from './engine.ts';
import { assemble } from './assemble.ts';
import { lanesOf, usesRedis } from './lanes.ts';
import { withNeeds } from './plan.ts';
import { startOfClock } from './start-of-clock.ts';
import type { Rounds } from './tests/rounds.ts';
import { Run } from './run.ts';
import type { OpenLane } from './run.ts';
import type { Evidence } from './assemble.ts';
import { isSideBySide } from './side-by-side.ts';
import type { Stand } from './stand.ts';

export type CheckRequest = {
  exercise: Exercise;
  /** The learner's files, or why they cannot be read. */
  files: { ok: true; files: SourceFiles } | { ok: false; message: string };
  /** Absolute folder that the learner's files lie in; named in stack traces. */
  folder: string;
  /** Rules to try (with what they need); null: all. */
  only: readonly string[] | null;
  /** Just the rules of `only` are tried: whatever else they need is known to be kept. */
  alone?: boolean;
  /** Another seed, under which the rules that fail are tried once more, on the same hosts. */
  again?: number;
  /**
   * One host at a time, and none ahead of time: for whoever judges many programs side by side. Else the parts of an
   * exercise are judged side by side.
   */
  inTurn?: boolean;
  /** `random`: another order on every seed, needs first. */
  order: 'building' | 'random';
  seed: number;
  inspect: boolean;
  /**
   * How the program is kept from the rest of the machine; `permission` when left out. What is asked for is what happens: where
   * it does not work here (see `probeIsolation`), nothing runs, and the verdict is an error of ours that says why.
   */
  isolation?: Isolation;
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
  /**
   * What the parts compile to, by name, for who judges one program again and again: a part that is named here is not
   * compiled again. Left out: each is compiled from `files`.
   */
  compiled?: ReadonlyMap<string, string>;
  /** Told as each rule ends, for progress on a terminal. */
  onRule?: (id: string, status: string) => void;
  /** Told what is done within a rule that takes long. */
  onProgress?: (what: string) => void;
  /** Told of the rule to work on (the first of `warm.failed`), before the check is over. */
  onEarly?: (early: Early) => void;
  /** Told when a rule makes use of one of the learner's files by name (parts of kind `sql`). */
  onSource?: (rule: string, file: string) => void;
  /** Replays one rule for a person, and stands still in it. */
  stand?: Stand;
  /** What was started ahead of time; rules then run in lanes side by side. The check ends it. */
  warm?: Warm;
  /** Ends the check at once. What it returns then is no verdict. */
  signal?: AbortSignal;
};

export type Warm = {
  /** By name of the lane. */
  kits: ReadonlyMap<string, Kit>;
  /** Probes for the databases of a lane, by its name. */
  probes: ReadonlyMap<string, SpareProbes>;
  /** Rules that get a lane of their own, so that no other waits for them. */
  slow: ReadonlySet<string>;
  /** The rules that failed last time, the one to work on first: they come before all others. */
  failed: readonly string[];
  /** The one to work on is quick, by the last check: nothing else begins before it has its result. */
  alone: boolean;
};

/** The verdict on the rule that somebody works on, as soon as it is known; all other rules are untried in it. */
export type Early = { rule: string; verdict: Verdict };

/** After this long an abandoned run is ended by force, in milliseconds. It ends within a few by itself. */
const ABANDONED_WITHIN = 1_000;

/**
 * A verdict; of the rules that failed, by rule id: the fingerprints, and the requests that failed (where it was one).
 */
export type Checked = {
  verdict: Verdict;
  fingerprints: Map<string, string>;
  requests: Map<string, SentRequest>;
  /** The failed rules under the other seed; null when it was not asked for, or nothing failed. */
  again: Omit<Checked, 'again'> | null;
};

/** Judges one subject against one exercise. Never throws for anything that a subject does. */
export async function check(engine: Engine, request: CheckRequest): Promise<Checked> {
  const begun = performance.now();
  const evidence = noEvidence();
  const parts = request.exercise.parts.map((part): CompiledPart => ({ part, text: null }));
  const now = request.stand?.flows === true ? Date.now() : startOfClock(request.seed);
  const lanes = openLanes(parts, request, now, (event) => engine.tell(event));
  const redis = redisFor(request);
  const wall = request.isolation === 'namespace' && !request.inspect ? probeIsolation() : null;
  const subjects = [...new Set(lanes.map(({ subject }) => subject))];
  const rounds = await roundsFor(request);
  let again: Again | null = null;
  const runs: Run[] = [];
  let late: NodeJS.Timeout | null = null;
  const abandon = (): void => {
    for (const subject of subjects) subject.abandon();
    late = setTimeout(() => engine.abandon(), ABANDONED_WITHIN);
  };
  request.signal?.addEventListener('abort', abandon);
  if (request.signal?.aborted === true) abandon();
  // Processes first: they start while this one loads what it needs itself.
  if (request.files.ok && request.signal?.aborted !== true) for (const subject of subjects) subject.warm();
  try {
    const compiling = compileParts(parts, request, { evidence, rounds });
    engine.warm(request.exercise.suites, request.warm === undefined ? null : request.digests.suite);
    const run = new Run({ request, lanes, evidence, now, redis, rounds });
    runs.push(run);
    const loading = compiling.then(() => run.loadFirst());
    run.onResult = ({ rule, outcome }) => {
      if (rule !== request.warm?.failed[0] || outcome.status === 'error') return;
      // What keeps the program from being loaded is told by the whole verdict, and soon.
      if (outcome.status === 'untried' && evidence.errors.size > 0) return;
      request.onEarly?.(earlyOf(rule, request, evidence, begun));
    };
    // A suite that is warm is in place sooner than the program: its first question then waits for the program.
    if (request.warm === undefined) await loading;
    const probed = await wall;
    if (probed?.ok === false) {
      await loading;
      evidence.harness = `${NO_NAMESPACE} ${probed.why}${probed.help === null ? '' : ` This helps: ${probed.help}`}`;
    } else if (request.warm !== undefined || run.coreCanRun()) {
      const { folder, suites } = request.exercise;
      const answer = async (message: SuiteRequest): Promise<SuiteReply> => {
        await loading;
        return await run.answer(message);
      };
      const within = request.stand === undefined ? (rounds?.within ?? undefined) : null;
      const ran = await engine.run(folder, suites, answer, within);
      await loading;
      await run.loadCoreParts();
      // Without a rule to run, a suite is empty, and the engine takes that for a failure.
      if (!ran.ok && run.coreCanRun()) evidence.harness = ran.why;
      again = requestAgain(request, evidence);
      if (again !== null)
        await runAgain(engine, again, { lanes, redis, rounds: await roundsFor(again.request, rounds) });
    }
  } finally {
    request.signal?.removeEventListener('abort', abandon);
    if (late !== null) clearTimeout(late);
    for (const run of runs) run.end();
    await Promise.all([...subjects.map((subject) => subject.dispose()), redis?.end()]);
    for (const probes of request.warm?.probes.values() ?? []) probes.dispose();
  }
  evidence.output = joined([...subjects.map((subject) => subject.output()), ...(rounds?.outputs() ?? [])]);
  const took = performance.now() - begun;
  const checked = assemble(request, evidence, took);
  return { ...checked, again: again === null ? null : assemble(again.request, again.evidence, took) };
}

/** Of one rule, and what it needs: nothing is known yet of the others. */
function earlyOf(rule: string, request: CheckRequest, evidence: Evidence, begun: number): Early {
  const only = [rule];
  const asked = withNeeds(request.exercise.rules, only).map(({ id }) => id);
  const results = evidence.results.filter((result) => asked.includes(result.rule));
  const { verdict } = assemble(
    { ...request, only },
    { ...evidence, results, notes: [] },
    performance.now() - begun,
  );
  return { rule, verdict };
}

/** What all hosts printed; together no more than one may. */
function joined(outputs: readonly Evidence['output'][]): Evidence['output'] {
  const text = Buffer.from(outputs.map((each) => each.text).join(''));
  return {
    text: text.subarray(0, OUTPUT_LIMIT).toString('utf8'),
    truncated: text.length > OUTPUT_LIMIT || outputs.some(({ truncated }) => truncated),
  };
}

/** Lanes that run in turn share one subject; those that run side by side have one each. */
function openLanes(
  parts: readonly CompiledPart[],
  request: CheckRequest,
  now: number,
  tell: (event: SubjectEvent) => void,
): OpenLane[] {
  const { exercise, warm } = request;
  const options: SubjectOptions = {
    parts,
    now,
    seed: request.seed,
    onEvent: tell,
    ...bootOptions(request),
    inspect: request.inspect,
    env: request.env,
    pace: request.pace ?? 1,
  };
  const lanes = lanesOf(exercise.parts, exercise.rules, warm?.slow ?? new Set());
  if (!isSideBySide(request)) {
    const subject = new Subject(options);
    return lanes.map((lane) => ({ ...lane, subject }));
  }
  return lanes.map((lane) => {
    const kit = warm?.kits.get(lane.name);
    const subject = new Subject({
      ...options,
      parts: parts.filter(({ part }) => part.name === lane.part.name),
      onEvent: (event) => tell({ ...event, part: lane.name }),
      ...(kit === undefined ? {} : { kit }),
    });
    return { ...lane, subject };
  });
}

const NO_NAMESPACE = 'Programs cannot be run at isolation level namespace here, so nothing was judged.';

/** Where the workbook is, and the level at which its hosts and probes run. */
export type BootPlace = { root: string; build: string; isolation?: Isolation };

/** How hosts are booted for an ordinary check. */
export function bootOptions({ root, build, isolation = 'permission' }: BootPlace): BootOptions {
  return {
    root,
    hostFile: join(build, 'host.mjs'),
    isolation,
    env: {},
    inspect: false,
    pace: 1,
  };
}

/**
 * What tries a learner's tests on programs; null: no part is of that kind. It is loaded only where it is needed. `before`:
 * that of the run before, which has compiled the tests.
 */
async function roundsFor(request: CheckRequest, before: Rounds | null = null): Promise<Rounds | null> {
  if (!request.exercise.parts.some(({ kind }) => kind === 'tests')) return null;
  const { Rounds: Opened } = await import('./tests/rounds.ts');
  const boot = { ...bootOptions(request), env: request.env, pace: request.pace ?? 1 };
  return new Opened(request, boot, before);
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

function noEvidence(): Evidence {
  return {
    results: [],
    errors: new Map(),
    harness: null,
    notes: [],
    output: { text: '', truncated: false },
  };
}

type Again = { request: CheckRequest; evidence: Evidence };

async function runAgain(
  engine: Engine,
  { request, evidence }: Again,
  around: { lanes: readonly OpenLane[]; redis: RedisServer | null; rounds: Rounds | null },
): Promise<void> {
  const now = startOfClock(request.seed);
  const subjects = new Set(around.lanes.map(({ subject }) => subject));
  for (const subject of subjects) subject.restage(now, request.seed);
  const run = new Run({ ...around, request, evidence, now });
  const { folder, suites } = request.exercise;
  const ran = await engine.run(folder, suites, (message) => run.answer(message), around.rounds?.within);
  run.end();
  if (!ran.ok) evidence.harness = ran.why;
}

/** What failed, alone, under the other seed. */
function requestAgain(request: CheckRequest, evidence: Evidence): Again | null {
  const failed = evidence.results
    .filter(({ outcome }) => outcome.status === 'failed')
    .map(({ rule }) => rule);
  if (request.again === undefined || failed.length === 0) return null;
  const { again: seed } = request;
  return { request: { ...request, seed, only: failed, alone: true }, evidence: noEvidence() };
}

/** Gives each part its text, or notes why it has none; what has none is never loaded. */
async function compileParts(
  parts: readonly CompiledPart[],
  request: CheckRequest,
  { evidence, rounds }: { evidence: Evidence; rounds: Rounds | null },
): Promise<void> {
  await Promise.all(
    parts.map(async (compiled) => {
      const { name } = compiled.part;
      if (!request.files.ok) {
        evidence.errors.set(name, { kind: 'files', message: request.files.message, frames: [] });
        return;
      }
      const { files } = request.files;
      const text = request.compiled?.get(name);
      const result: Awaited<ReturnType<typeof compilePart>> =
        text === undefined
          ? await compilePart(compiled.part, files, { folder: request.folder, rounds })
          : { ok: true, text };
      if (result.ok) Object.assign(compiled, { text: result.text, sources: files });
      else evidence.errors.set(name, { kind: result.kind, message: result.message, frames: result.frames });
    }),
  );
}

async function compilePart(
  part: Part,
  files: SourceFiles,
  { folder, rounds }: { folder: string; rounds: Rounds | null },
): Promise<Compiled | { ok: true; text: null }> {
  if (part.kind === 'tests' && rounds !== null) {
    const compiled = await rounds.compile(part, files);
    return compiled.ok ? { ok: true, text: null } : compiled;
  }
  if (part.kind === 'sql' || part.kind === 'files') {
    if (files.has(part.entry)) return { ok: true, text: null };
    return { ok: false, kind: 'files', message: missingFile(part.entry), frames: [] };
  }
  const { entry, packages, modules } = part;
  return await compile({ files, entry, packages, modules, folder });
}
