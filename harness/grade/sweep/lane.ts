import { join } from 'node:path';
import type { Exercise } from '../../catalog/exercise.ts';
import { loadExercise } from '../../catalog/load-exercise.ts';
import { Engine } from '../../check/engine.ts';
import { judgeAlone, judgeOnce, worthAnotherTry } from '../judge.ts';
import type { LaneMessage, LaneReply } from './crew.ts';

/** A lane of a sweep: judges what it is sent, one thing after the other, until its parent ends it or is gone. */
const [root = '', harness = ''] = process.argv.slice(2);
const build = join(root, '.workbook', 'build');
let engine = newEngine();

for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => process.exit(0));
process.on('disconnect', () => process.exit(0));
process.on('message', (message: LaneMessage) => void answer(message));
reply({ kind: 'ready' });

function reply(said: LaneReply): void {
  process.send?.(said);
}

/** Suites are read anew for each run; the thread around them is kept, as in `watch`: no program is ever in it. */
function newEngine(): Engine {
  const made = new Engine(root, build, { keepThread: true });
  made.warm();
  return made;
}

async function answer({ exercise: id, files, isolation, first, whole }: LaneMessage): Promise<void> {
  const bench = { engine, root, build, harness, isolation };
  const taken = {
    exercise: known(id),
    sources: { ok: true as const, files: new Map(files) },
    refused: [],
  };
  const tried = first ?? (await judgeOnce(bench, taken));
  const again = worthAnotherTry(tried) !== null;
  const verdict = again && (whole || first !== null) ? await judgeAlone(bench, taken, tried) : tried;
  reply({ kind: 'done', verdict, again: again && !whole && first === null });
  // What broke our own side gets no chance to do so to the next one.
  if (verdict.error?.kind !== 'harness') return;
  const broken = engine;
  engine = newEngine();
  await broken.close();
}

/** Read once: the engine bundles suites once for each object that names them. */
const exercises = new Map<string, Exercise>();

function known(id: string): Exercise {
  const before = exercises.get(id);
  if (before !== undefined) return before;
  const loaded = loadExercise(root, id);
  if (!loaded.ok) throw new Error(`${id} cannot be loaded any more`);
  exercises.set(id, loaded.exercise);
  return loaded.exercise;
}
