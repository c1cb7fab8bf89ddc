import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { isEdition } from '../../catalog/edition-file.ts';
import { neutralise } from '../../verdict/neutralise.ts';
import type { AssignedExercise, Assignment } from './assignment.ts';
import { readAssignment } from './read.ts';
import { awayText, dueText } from './times.ts';

/** The folder of a workbook with its assignments. */
export const FOLDER = 'assignments';

/** Who has more files there than this has something else there. */
const MOST_FILES = 500;

/** An exercise as one assignment asks for it. */
export type Task = AssignedExercise & Pick<Assignment, 'title' | 'timezone'> & { assignment: string };

/** `problems`: for each file that cannot be used, one line with its name and what to do. */
export type Tasks = { tasks: Task[]; problems: string[] };

/** The files of assignments/, by name; empty where there are none. */
export function assignmentFiles(root: string): string[] {
  try {
    return readdirSync(join(root, FOLDER))
      .filter((name) => /\.ya?ml$/i.test(name) && !name.startsWith('.'))
      .toSorted()
      .slice(0, MOST_FILES);
  } catch {
    return [];
  }
}

/** All that is assigned in a workbook. A file that cannot be used takes nothing from the others. */
export function readTasks(root: string, known: readonly { id: string }[]): Tasks {
  const all: Tasks = { tasks: [], problems: [] };
  for (const name of assignmentFiles(root)) {
    const read = readAssignment(join(root, FOLDER, name), known);
    if (!read.ok) {
      all.problems.push(problemLine(name, read.message, isEdition(root)));
      continue;
    }
    const { assignment } = read;
    const { title, timezone } = assignment;
    all.tasks.push(
      ...assignment.exercises.map((each) => ({ ...each, title, timezone, assignment: assignment.name })),
    );
  }
  return all;
}

/** The first mistake stands for all: this is read by who wants to get on with an exercise. */
function problemLine(name: string, message: string, inEdition: boolean): string {
  const [head = '', first] = message.split('\n');
  const file = neutralise(`${FOLDER}/${name}`, { maxLines: 1, maxChars: 200 });
  // There the file is the instructor's, and `assign` is not part of it.
  if (inEdition) return `Passed over ${file}, which has a mistake. Your instructor can correct it.`;
  const what = first === undefined ? head.replace(/^.*?\.ya?ml:? /i, 'It ') : first.trim();
  return `Passed over ${file}: ${what} (all of it, and how to correct it: npm run assign)`;
}

/**
 * When a task opens or is due, in a few words for who works on it; null: nothing has to be said. What is done is not
 * reminded of a time that has passed. `isDone`: all that it asks for is reached.
 */
export function taskWords(task: Task, now: number, isDone: boolean): string | null {
  const { opens, due, timezone } = task;
  if (opens !== null && now < opens) return `opens ${dueText(opens, timezone, now)}, ${awayText(opens, now)}`;
  if (due === null || (isDone && due < now)) return null;
  return `${due < now ? 'was due' : 'due'} ${dueText(due, timezone, now)}, ${awayText(due, now)}`;
}

/** The task to speak of first: open before those to come, then the next due; one that has passed comes last. */
export function byUrgency(tasks: readonly Task[], now: number): Task[] {
  const rank = ({ opens, due }: Task): number => {
    if (opens !== null && now < opens) return 1;
    if (due === null) return 2;
    return due < now ? 3 : 0;
  };
  return tasks.toSorted((a, b) => rank(a) - rank(b) || (a.due ?? Infinity) - (b.due ?? Infinity));
}
