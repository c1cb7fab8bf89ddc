import { join } from 'node:path';
import { loadExercise } from '../catalog/load-exercise.ts';
import { digestFiles } from '../catalog/editable.ts';
import { check } from '../check/check.ts';
import { Engine } from '../check/engine.ts';
import { suiteDigest } from '../check/files.ts';
import type { JobDone, JobMessage } from './crew.ts';

/** A worker of `verify`: judges what it is sent, one subject after the other, until its parent ends it. */
const root = process.argv[2] as string;
const build = join(root, '.workbook', 'build');
const engine = new Engine(root, build);
engine.warm();

process.on('message', (message: JobMessage) => {
  void answer(message);
});
process.on('disconnect', () => process.exit(0));
process.on('SIGTERM', () => process.exit(0));

async function answer(message: JobMessage): Promise<void> {
  process.send?.(await judge(message));
}

async function judge({ exercise: id, folder, files, seed, order }: JobMessage): Promise<JobDone> {
  const loaded = loadExercise(root, id);
  if (!loaded.ok) throw new Error(`${id} cannot be loaded any more`);
  const sources = new Map(files);
  const { TZ = 'UTC', LANG = 'C' } = process.env;
  const { verdict, fingerprints } = await check(engine, {
    exercise: loaded.exercise,
    files: { ok: true, files: sources },
    folder,
    only: null,
    order,
    seed,
    inspect: false,
    env: { TZ, LANG },
    root,
    build,
    digests: { suite: suiteDigest(loaded.exercise), files: digestFiles(sources) },
    harness: 'verify',
  });
  engine.prepare();
  return { verdict, fingerprints: [...fingerprints] };
}
