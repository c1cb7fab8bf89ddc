import { join } from 'node:path';
import type { Exercise } from '../catalog/exercise.ts';
import { loadExercise } from '../catalog/load-exercise.ts';
import { check } from '../check/check.ts';
import { Engine } from '../check/engine.ts';
import type { Task, TaskDone, WorkerMessage, WorkerPlan } from './crew.ts';
import { activate, recording } from './instrument.ts';

/** A worker of `mutate`: tries rules on one mutant after the other, until its parent ends it. */
const root = process.argv[2] as string;
const build = join(root, '.workbook', 'build');
const engine = new Engine(root, build, { keepThread: true });
engine.warm();

let plan: (WorkerPlan & { loaded: Exercise }) | null = null;

process.on('message', (message: WorkerMessage) => {
  if (message.kind === 'plan') {
    const loaded = loadExercise(root, message.plan.exercise);
    if (!loaded.ok) throw new Error(`${message.plan.exercise} cannot be loaded`);
    plan = { ...message.plan, loaded: loaded.exercise };
  } else {
    void answer(message.task);
  }
});
process.on('disconnect', () => process.exit(0));
process.on('SIGTERM', () => process.exit(0));

async function answer(task: Task): Promise<void> {
  process.send?.(await attempt(task));
}

/** Tries the rules in their order, and stops at the first that fails. */
async function attempt({ rules, subject, seed, pace, withinMs }: Task): Promise<TaskDone> {
  if (plan === null) throw new Error('a task came before its plan');
  const { folder, loaded } = plan;
  const files = new Map(plan.files);
  if (subject.kind === 'file') files.set(subject.file, subject.text);
  const compiled = new Map(
    plan.texts.map(([name, text]) => {
      if (subject.kind === 'active') return [name, activate(text, subject.number)];
      return [name, subject.kind === 'recorded' ? recording(text, subject.to) : text];
    }),
  );
  const stop = new AbortController();
  let endless = false;
  const limit = setTimeout(() => {
    endless = true;
    stop.abort();
  }, withinMs);
  const sources = new Map<string, Set<string>>();
  const begun = performance.now();
  const { TZ = 'UTC', LANG = 'C' } = process.env;
  const { verdict } = await check(engine, {
    exercise: narrowed(loaded, rules),
    files: { ok: true, files },
    folder,
    compiled,
    only: rules,
    alone: true,
    inTurn: true,
    order: 'building',
    seed,
    pace,
    inspect: false,
    // What is recorded is written into a file.
    isolation: subject.kind === 'recorded' ? 'none' : 'permission',
    env: { TZ, LANG },
    root,
    build,
    digests: { suite: '', files: '' },
    harness: 'mutate',
    signal: stop.signal,
    onRule: (_rule, status) => {
      if (status === 'failed') stop.abort();
    },
    onSource: (rule, file) => sources.set(rule, (sources.get(rule) ?? new Set()).add(file)),
  });
  clearTimeout(limit);
  return {
    endless,
    results: verdict.rules
      .filter(({ id }) => rules.includes(id))
      .map(({ id, status, cause, durationMs, message }) => ({
        rule: id,
        status,
        cause,
        why: message === null ? null : `${message.step}: expected ${message.expected}, got ${message.got}`,
        ms: durationMs,
      })),
    error: verdict.error === null ? null : `${verdict.error.kind}: ${verdict.error.message}`,
    isOurs: verdict.error?.kind === 'harness' && !stop.signal.aborted,
    sources: [...sources].map(([rule, names]) => [rule, [...names]]),
    ms: performance.now() - begun,
  };
}

/**
 * The exercise with its rules in that order, each on its own: what a rule needs is tried as well, and one failure is enough. Parts
 * that none of them meets are left out, with what would be started for them.
 */
function narrowed(exercise: Exercise, first: readonly string[]): Exercise {
  const rank = (id: string): number => (first.includes(id) ? first.indexOf(id) : first.length);
  const rules = exercise.rules
    .map((rule) => ({ ...rule, needs: [] }))
    .toSorted((a, b) => rank(a.id) - rank(b.id));
  const met = new Set(rules.filter(({ id }) => first.includes(id)).map(({ part }) => part));
  return { ...exercise, rules, parts: exercise.parts.filter(({ name }) => met.has(name)) };
}
