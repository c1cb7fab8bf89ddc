import { join } from 'node:path';
import { readEditableBytes, readOneEditable, sameFiles } from './editable-bytes.ts';
import type { BytesByPath, EditableBytes } from './editable-bytes.ts';
import type { Exercise } from './exercise.ts';
import { collisionKey } from './file-name.ts';
import { keepCopy } from './kept-copy.ts';
import type { KeptCopy } from './kept-copy.ts';
import { quoted } from './printable.ts';
import { isPlainFolder, obstacle, removeFile, replaceFile } from './written-file.ts';

/** What would become of the learner's files; paths are relative to the exercise's folder, sorted. */
export type Replacement = {
  /** There with other content. */
  changed: string[];
  /** Not there now. */
  missing: string[];
  /** Not among the new files: to be removed. */
  additional: string[];
};

export type Replaced =
  /** The files are the wanted ones already. */
  | { kind: 'same' }
  | { kind: 'declined' }
  /** `copy` null: there was no file to keep. */
  | { kind: 'replaced'; replacement: Replacement; copy: KeptCopy | null }
  /** Something stands in the way, and nothing was changed. */
  | { kind: 'refused'; message: string }
  /** The system refused. `copy` null: before anything was changed. */
  | { kind: 'failed'; message: string; copy: KeptCopy | null };

export type Replacing = {
  /** The workbook's folder. */
  root: string;
  exercise: Pick<Exercise, 'id' | 'folder' | 'editable'>;
  /** The name of the copy that is kept: milliseconds since 1970. */
  now: number;
  /** Asked before anything is written; false: nothing is. */
  confirm: (replacement: Replacement) => Promise<boolean>;
};

/** Brings back the code that the exercise began with, byte for byte. Needs neither git nor a network. */
export async function resetExercise(replacing: Replacing): Promise<Replaced> {
  const { root, exercise } = replacing;
  const stub = `solutions/${exercise.id}/stub`;
  const read = await readEditableBytes(join(root, stub), exercise.editable);
  if (!read.ok) return { kind: 'refused', message: `${stub}: ${read.message}` };
  if (read.files.size > 0) return await replaceEditable(replacing, read.files);
  const message = `The starting code is not there: ${stub} has no file in it. \`git restore ${stub}\` brings it back.`;
  return { kind: 'refused', message };
}

/** Brings back a kept copy. What is there now is kept first, like everything that gives way. */
export async function restoreCopy(replacing: Replacing, copy: KeptCopy): Promise<Replaced> {
  const read = await readEditableBytes(join(replacing.root, copy.folder), replacing.exercise.editable);
  if (!read.ok) return { kind: 'refused', message: `${copy.folder}: ${read.message}` };
  if (read.files.size > 0) return await replaceEditable(replacing, read.files);
  return { kind: 'refused', message: `There is no file of the exercise in ${copy.folder}.` };
}

/**
 * Puts `wanted` in the place of the learner's files. The copy of all of them is complete before the first is touched;
 * each file changes from old to new in one step; and a file that somebody saves meanwhile is not overwritten. Whoever is
 * interrupted in the middle runs it again.
 */
async function replaceEditable(replacing: Replacing, wanted: BytesByPath): Promise<Replaced> {
  const { root, exercise, now, confirm } = replacing;
  const seen = await currentFiles(replacing, wanted);
  if (!seen.ok) return { kind: 'refused', message: seen.message };
  if (sameFiles(seen.files, wanted)) return { kind: 'same' };
  if (!(await confirm(difference(seen.files, wanted)))) return { kind: 'declined' };

  // Who thinks about the question may save a file meanwhile.
  const current = await currentFiles(replacing, wanted);
  if (!current.ok) return { kind: 'refused', message: current.message };
  const { files } = current;
  const replacement = difference(files, wanted);
  let copy: KeptCopy | null = null;
  if (files.size > 0) {
    const kept = keepCopy(root, exercise.id, files, now);
    if (!kept.ok) return { kind: 'failed', message: `${kept.message} Nothing was changed.`, copy: null };
    copy = kept.copy;
  }
  // Removed first: on a disk that ignores case, a file of the learner may have the name of a new one.
  for (const path of [...replacement.additional, ...replacement.changed, ...replacement.missing]) {
    const before = files.get(path)?.bytes ?? null;
    const there = readOneEditable(exercise.folder, path);
    const isAsSeen = before === null ? there === null : there?.equals(before) === true;
    if (!isAsSeen) {
      const message = `${quoted(path)} was changed in this moment, so the work was stopped there. Run the command again.`;
      return { kind: 'failed', message, copy };
    }
    try {
      const file = wanted.get(path);
      if (file === undefined) removeFile(exercise.folder, path);
      else replaceFile(join(exercise.folder, path), file);
    } catch (error) {
      const said = error instanceof Error ? error.message : String(error);
      const message = `${quoted(path)} could not be replaced. Close it elsewhere, check whether you may write there, and run the command again. (${said})`;
      return { kind: 'failed', message, copy };
    }
  }
  return { kind: 'replaced', replacement, copy };
}

/** The learner's files, when nothing beside them keeps the wanted ones from their places. */
async function currentFiles({ root, exercise }: Replacing, wanted: BytesByPath): Promise<EditableBytes> {
  const place = `exercises/${exercise.id}`;
  if (!isPlainFolder(root, join('exercises', exercise.id))) {
    return { ok: false, message: `${place} leads through a link, and links are not followed.` };
  }
  const read = await readEditableBytes(exercise.folder, exercise.editable);
  if (!read.ok) return { ok: false, message: `${place}: ${read.message}` };
  const taken = new Set([...read.files.keys()].map(collisionKey));
  for (const path of wanted.keys()) {
    const found = taken.has(collisionKey(path)) ? null : obstacle(exercise.folder, path);
    if (found === null) continue;
    const message = `${place}: ${quoted(found)} is in the way of ${quoted(path)}. Move it out of the exercise's folder.`;
    return { ok: false, message };
  }
  return read;
}

function difference(current: BytesByPath, wanted: BytesByPath): Replacement {
  const paths = [...wanted.keys()];
  return {
    changed: paths.filter((path) => {
      const before = current.get(path);
      return before !== undefined && wanted.get(path)?.bytes.equals(before.bytes) !== true;
    }),
    missing: paths.filter((path) => !current.has(path)),
    additional: [...current.keys()].filter((path) => !wanted.has(path)),
  };
}
