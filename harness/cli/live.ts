import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ListedExercise } from '../catalog/catalog.ts';
import type { Exercise } from '../catalog/exercise.ts';
import { dockerOf } from '../live/docker.ts';
import { tryLive } from '../live/live.ts';
import type { LiveReport } from '../live/live.ts';
import type { Context } from './context.ts';

/** The folder below the exercise's own that holds its Dockerfile; null: the exercise builds no image. */
export function imageFolder(exercise: Exercise): string | null {
  const part = exercise.parts.find(({ kind, entry }) => kind === 'files' && /(^|\/)Dockerfile$/.test(entry));
  return part === undefined ? null : dirname(part.entry);
}

/** What to say where --live is asked for and no image is built. An edition for a class may have no exercise of that kind. */
export function noImage(listed: readonly ListedExercise[]): string {
  const one = listed.find((each) => each.ok && imageFolder(each.exercise) !== null);
  return one === undefined
    ? '--live is for an exercise that builds an image, and there is none here.'
    : `--live is for an exercise that builds an image: npm run check -- ${one.id} --live`;
}

/** Tries the learner's own files on the Docker engine of this machine, and prints what came of it. */
export async function live(exercise: Exercise, below: string, context: Context): Promise<void> {
  const folder = join(exercise.folder, below);
  const report = await tryLive(dockerOf(context.env), {
    folder,
    example: textOf(join(folder, 'env.example')),
    run: `${exercise.id}-${process.pid}`,
    onStep: (what) => context.terminal.err(`  ${what} …\n`),
  });
  context.terminal.out(liveText(report, context.terminal.unicode));
}

/** `unicode`: the terminal shows signs beyond ASCII. */
export function liveText(report: LiveReport, unicode: boolean): string {
  if (report.kind === 'unavailable')
    return `\nNot tried on a real engine. ${report.why}\n${FOR_INFORMATION}\n`;
  const lines = report.steps.flatMap(({ what, ok, said, details }) => [
    `  ${ok ? (unicode ? '✓' : '+') : unicode ? '✗' : 'x'} ${what.padEnd(24)} ${said}`,
    ...details.map((line) => `      ${line}`),
  ]);
  return `\nOn the Docker engine of this machine:\n${lines.join('\n')}\n${FOR_INFORMATION}\n`;
}

function textOf(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}

const FOR_INFORMATION = 'That is for your information: the rules above are judged from your files alone.';
