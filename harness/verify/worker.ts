import { join } from 'node:path';
import type { Exercise } from '../catalog/exercise.ts';
import { loadExercise } from '../catalog/load-exercise.ts';
import { digestFiles } from '../catalog/editable.ts';
import { check } from '../check/check.ts';
import { Engine } from '../check/engine.ts';
import { suiteDigest } from '../check/files.ts';
import type { JobDone, JobMessage } from './crew.ts';
import { rulesTouched } from './scope.ts';

/** A worker of `verify`: judges what it is sent, one subject after the other, until its parent ends it. */
const root = process.argv[2] as string;
const build = join(root, '.workbook', 'build');
const engine = new Engine(root, build, { keepThread: true });
engine.warm();

process.on('message', (message: JobMessage) => {
  void answer(message);
});
process.on('disconnect', () => process.exit(0));
process.on('SIGTERM', () => process.exit(0));

async function answer(message: JobMessage): Promise<void> {
  process.send?.(await judge(message));
}

/** Read once: the engine bundles suites once for each object that names them. */
const known = new Map<string, { exercise: Exercise; suite: string }>();

function knownExercise(id: string): { exercise: Exercise; suite: string } {
  const before = known.get(id);
  if (before !== undefined) return before;
  const loaded = loadExercise(root, id);
  if (!loaded.ok) throw new Error(`${id} cannot be loaded any more`);
  const { exercise } = loaded;
  const read = { exercise, suite: suiteDigest(exercise) };
  known.set(id, read);
  return read;
}

async function judge(message: JobMessage): Promise<JobDone> {
  const { exercise, suite } = knownExercise(message.exercise);
  const files = new Map(message.files);
  const { base, again } = message;
  const tried =
    base === null
      ? null
      : await rulesTouched(exercise, files, {
          files: new Map(base.files),
          used: new Map(base.used.map(([rule, names]) => [rule, new Set(names)])),
        });
  const used = new Map<string, Set<string>>();
  const { TZ = 'UTC', LANG = 'C' } = process.env;
  const checked = await check(engine, {
    exercise,
    files: { ok: true, files },
    folder: message.folder,
    only: tried,
    alone: tried !== null,
    ...(again === null ? {} : { again }),
    inTurn: true,
    order: message.order,
    seed: message.seed,
    inspect: false,
    env: { TZ, LANG },
    root,
    build,
    digests: { suite, files: digestFiles(files) },
    harness: 'verify',
    onSource: (rule, file) => used.set(rule, (used.get(rule) ?? new Set()).add(file)),
  });
  return {
    verdict: checked.verdict,
    fingerprints: [...checked.fingerprints],
    tried,
    again:
      checked.again === null
        ? null
        : { verdict: checked.again.verdict, fingerprints: [...checked.again.fingerprints] },
    used: [...used].map(([rule, names]) => [rule, [...names]]),
  };
}
