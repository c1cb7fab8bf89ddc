import { lstatSync, realpathSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { EDITABLE_LIMITS, readEditable } from '../catalog/editable.ts';
import type { EditableLimits } from '../catalog/editable.ts';
import type { Exercise } from '../catalog/exercise.ts';
import { isPlainFolder } from '../catalog/written-file.ts';
import { missingText } from './intake.ts';
import type { Layout, Taken } from './intake.ts';

/** Of a stranger's folder: a file that has a second name may be anybody's. */
const STRANGERS: EditableLimits = { ...EDITABLE_LIMITS, links: 1 };

/**
 * Takes the editable files out of a folder: `top`, a real path that the caller named. No link below it is followed, and
 * nothing else of it is looked at: no config, no package, no suite.
 */
export async function takeFolder(top: string, exercises: readonly Exercise[]): Promise<Taken[]> {
  const layout = layoutOf(top, exercises);
  return await Promise.all(exercises.map((exercise) => takeExercise(top, exercise, layout)));
}

async function takeExercise(top: string, exercise: Exercise, layout: Layout): Promise<Taken> {
  const place = layout === 'workbook' ? join('exercises', exercise.id) : '';
  const folder = join(top, place);
  if (place !== '' && isThere(folder) && !isPlainFolder(top, place)) {
    const message = `exercises/${exercise.id} is no folder, or lies behind a link. Links are not followed.`;
    return { exercise, sources: { ok: false, message }, refused: [] };
  }
  const read = await readEditable(folder, exercise.editable, STRANGERS);
  if (read.ok) return { exercise, sources: { ok: true, files: read.files }, refused: read.skipped };
  const { kind, message } = read.problem;
  const text = kind === 'missing' ? missingText(exercise.id) : message;
  return { exercise, sources: { ok: false, message: text }, refused: [] };
}

/** A copy of the workbook has `exercises/`; anything else can only be the folder of the one exercise that is asked for. */
function layoutOf(top: string, exercises: readonly Exercise[]): Layout {
  return exercises.length === 1 && !isThere(join(top, 'exercises')) ? 'exercise' : 'workbook';
}

function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

/** Whether one of two real folders lies in the other, or they are the same. */
export function overlaps(one: string, other: string): boolean {
  return [relative(one, other), relative(other, one)].some(
    (path) =>
      path === '' || (path !== '..' && !path.startsWith(`..${sep}`) && !/^[A-Za-z]:|^[\\/]/.test(path)),
  );
}

/** The folder that `path` leads to; null: there is none to be seen. */
export function realPath(path: string): string | null {
  try {
    return realpathSync.native(path);
  } catch {
    return null;
  }
}
