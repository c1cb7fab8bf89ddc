import { join } from 'node:path';
import { writeFileSync } from 'node:fs';
import type { Part } from '../../catalog/exercise.ts';
import type { TestsProgress, TestsReport } from '../../message/tests.ts';
import { bootHost, endHost } from '../boot.ts';
import type { BootOptions, LiveHost } from '../boot.ts';
import type { Death } from '../death.ts';
import { parseReport } from './report.ts';
import { LOOK_EVERY, Standstill } from './standstill.ts';
import type { Overdue, RunLimits } from './standstill.ts';
import { Switchboard } from './switchboard.ts';
import type { Reached } from './switchboard.ts';

/** A program that tests are tried on, compiled. `exports`: what tests may call of it. */
export type TestedProgram = { text: string; exports: ReadonlySet<string> };

/** `name`: of the compiled file, without folders. */
export type CompiledTest = { name: string; text: string };

/**
 * Where tests run. `seed`: of their order; null: as they are written. `moved`: by how much Date is, in milliseconds. `bail`:
 * the first failure ends the run.
 */
export type TestsWorld = { seed: number | null; moved: number; bail: boolean };

export type TestsEnd =
  | { kind: 'report'; report: TestsReport }
  | { kind: 'dead'; death: Death }
  /** `progress`: how far they came, by their own word; null: no file was begun. */
  | { kind: 'late'; why: Overdue; seconds: number; progress: TestsProgress | null }
  /** A program of ours could not be started: our own failure. */
  | { kind: 'broken'; why: string };

export type TestsRun = { end: TestsEnd; reached: Reached; output: { text: string; truncated: boolean } };

/** How long all tests together may take on one program. README.md of 10-testing promises it. */
const RUN_LIMITS: RunLimits = { silence: 10_000, whole: 60_000, wall: 180_000 };

/** A test or a hook may take this long, in milliseconds; Vitest's own default. */
const TEST_WITHIN = 5_000;

const LOAD_WITHIN = 10_000;

/** The clock of programs stands here: they are given their time, and never look. */
const PROGRAM_NOW = Date.UTC(2031, 0, 1);

/**
 * Runs a learner's tests on one program. Both get a process of their own that has met nobody's code and ends with the
 * run, so no run knows of another. The program is ours and runs beside the wall; the tests run behind it.
 */
export async function runTestsOn(
  program: TestedProgram,
  tests: readonly CompiledTest[],
  { world, boot, signal }: { world: TestsWorld; boot: BootOptions; signal?: AbortSignal | undefined },
): Promise<TestsRun> {
  const { pace = 1 } = boot;
  const stage = bootHost(
    partOf('tests'),
    { ...boot, hostFile: join(boot.hostFile, '..', 'tests-host.mjs') },
    null,
  );
  const own = boot.isolation === 'namespace' ? { ...boot, isolation: 'permission' as const } : boot;
  const host = bootHost(partOf('http'), own, null);
  const abandon = (): void => {
    void stage.process.kill();
    void host.process.kill();
  };
  signal?.addEventListener('abort', abandon);
  if (signal?.aborted === true) abandon();
  const switchboard = new Switchboard(stage.process, host.process, program.exports);
  try {
    const broken = await loadProgram(host, program.text, LOAD_WITHIN * pace);
    const end: TestsEnd =
      broken === null
        ? await report({ stage, host, switchboard }, tests, world, pace)
        : { kind: 'broken', why: broken };
    // What it printed last may still be on its way; it has arrived when the process is gone.
    await stage.process.kill();
    const { text, truncated } = stage.process.output;
    return { end, reached: { ...switchboard.reached }, output: { text, truncated } };
  } finally {
    signal?.removeEventListener('abort', abandon);
    await Promise.all([endHost(stage), endHost(host)]);
  }
}

async function loadProgram(host: LiveHost, text: string, within: number): Promise<string | null> {
  const file = host.scratch.writeSubject(text);
  const reply = await host.process.request({ op: 'load', file, now: PROGRAM_NOW }, within);
  if (reply.kind === 'reply' && reply.result.kind === 'loaded') return null;
  if (reply.kind === 'reply' && reply.result.kind === 'threw') return reply.result.error.message;
  return reply.kind === 'dead' ? reply.death.why : 'it could not be loaded';
}

type Line = { stage: LiveHost; host: LiveHost; switchboard: Switchboard };

async function report(
  { stage, host, switchboard }: Line,
  tests: readonly CompiledTest[],
  world: TestsWorld,
  pace: number,
): Promise<TestsEnd> {
  const files = tests.map(({ name, text }) => {
    const file = join(stage.scratch.folder, name);
    writeFileSync(file, text);
    return file;
  });
  await stage.process.ready();
  stage.process.watch();
  const timeout = TEST_WITHIN * Math.max(1, pace);
  const asked = stage.process.request({ op: 'tests', files, timeout, ...world }, null);
  const { silence, whole, wall } = RUN_LIMITS;
  const limits = { silence: silence * pace, whole: whole * pace, wall: wall * pace };
  const overdue = whenOverdue([stage, host], switchboard, limits);
  const reply = await Promise.race([asked, overdue.wait]);
  overdue.end();
  if (typeof reply === 'string')
    return { kind: 'late', why: reply, seconds: limits[reply] / 1_000, progress: switchboard.progress };
  if (reply.kind === 'late') throw new Error('a run of tests has no other limits');
  if (reply.kind === 'dead') return { kind: 'dead', death: reply.death };
  const { result } = reply;
  const parsed = result.kind === 'value' ? parseReport(result.value) : null;
  if (parsed !== null) return { kind: 'report', report: parsed };
  const why =
    result.kind === 'threw'
      ? `the tests ended with ${result.error.name}: ${result.error.message}`
      : result.kind === 'cannot'
        ? result.why
        : 'it wrote to file descriptor 3, the pipe of the workbook';
  return { kind: 'dead', death: { cause: 'crashed', why, error: null } };
}

/** Looks at a run until it is ended; `wait` resolves when it is overdue. */
function whenOverdue(
  hosts: readonly LiveHost[],
  switchboard: Switchboard,
  limits: RunLimits,
): { wait: Promise<Overdue>; end: () => void } {
  const standstill = new Standstill(limits, performance.now());
  switchboard.onMove = () => standstill.moved();
  let timer: NodeJS.Timeout | undefined;
  const wait = new Promise<Overdue>((resolve) => {
    let isAnswered = true;
    let isAsked = false;
    timer = setInterval(() => {
      const why = standstill.look(performance.now(), isAnswered);
      if (why !== null) resolve(why);
      isAnswered = false;
      if (isAsked) return;
      isAsked = true;
      void Promise.all(hosts.map((each) => each.process.request({ op: 'ping' }, null))).then(() => {
        isAnswered = true;
        isAsked = false;
      });
    }, LOOK_EVERY);
  });
  return { wait, end: () => clearInterval(timer) };
}

function partOf(kind: Part['kind']): Part {
  return { name: kind, kind, entry: '', exports: [], packages: [], modules: null };
}
