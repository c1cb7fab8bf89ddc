import { join } from 'node:path';
import { FOLDER } from '../grade/assignment/tasks.ts';
import { readAssignment } from '../grade/assignment/read.ts';

/** `others`: paths of assignments for other classes, which are not handed out. `message`: what to correct first. */
export type ClassAssignments = { ok: true; others: string[] } | { ok: false; message: string };

/**
 * Looks at the assignments that would be handed out. One that learners could not read would tell them nothing but that, so it
 * has to be corrected first: what has a mistake, and what also asks for exercises that are not in the edition. One that asks
 * for none of them is meant for another class. `known`: the files of the workbook in `root`.
 */
export function assignmentsFor(
  root: string,
  known: ReadonlySet<string>,
  exercises: readonly { id: string }[],
): ClassAssignments {
  const others: string[] = [];
  const here = new Set(exercises.map(({ id }) => id));
  const all = [...known].flatMap((path) => {
    const id = /^exercises\/([^/]+)\/exercise\.json$/.exec(path)?.[1];
    return id === undefined ? [] : [{ id }];
  });
  for (const path of [...known].filter(isAssignment)) {
    const read = readAssignment(join(root, path), all);
    if (!read.ok)
      return { ok: false, message: `An assignment cannot be handed out. ${read.message}\n${NEXT}` };
    const missing = read.assignment.exercises.map(({ id }) => id).filter((id) => !here.has(id));
    if (missing.length === read.assignment.exercises.length) others.push(path);
    else if (missing.length > 0)
      return {
        ok: false,
        message: `${path} also asks for ${missing.join(', ')}: not among the exercises to hand out. Name these with --exercises too, or take them out of that file.`,
      };
  }
  return { ok: true, others };
}

/** Whether a file of the workbook is an assignment. */
export function isAssignment(path: string): boolean {
  return path.startsWith(`${FOLDER}/`) && /^[^/.][^/]*\.ya?ml$/i.test(path.slice(FOLDER.length + 1));
}

const NEXT = '`npm run assign` shows all that is wrong.';
