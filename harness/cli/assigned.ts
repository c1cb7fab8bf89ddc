import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Task } from '../grade/assignment/tasks.ts';
import type { Context } from './context.ts';

/** A task with what is to be said of it now; null: nothing. */
export type SaidTask = Task & { words: string | null };

/** What is assigned in this workbook. Times are looked at when something is asked, for it may run for days. */
export type Assigned = {
  /** Whether an assignment has opened the exercise, so that it waits for nothing. */
  isOpen(id: string): boolean;
  /** The tasks of an exercise, the most urgent first. `reached`: what the learner has of it. */
  tasksOf(id: string, reached: Reached): SaidTask[];
};

export type Reached = { passed: boolean; mastered: boolean };

/** Where there are no assignments: all of the usual kind. */
export const NOTHING_ASSIGNED: Assigned = { isOpen: () => false, tasksOf: () => [] };

/**
 * What is assigned in the workbook of `context`. A file that cannot be used is a line on `err`: a learner's check does not
 * end because of it. Where there is no folder of assignments, nothing that reads YAML or time zones is loaded.
 */
export async function assignedIn(
  { root, terminal, now }: Pick<Context, 'root' | 'terminal' | 'now'>,
  listed: readonly { id: string }[],
): Promise<Assigned> {
  if (!existsSync(join(root, 'assignments'))) return NOTHING_ASSIGNED;
  const { byUrgency, readTasks, taskWords } = await import('../grade/assignment/tasks.ts');
  const { tasks, problems } = readTasks(root, listed);
  for (const problem of problems) terminal.err(`${problem}\n`);
  return {
    isOpen: (id) => tasks.some((task) => task.id === id && (task.opens === null || task.opens <= now())),
    tasksOf: (id, { passed, mastered }) => {
      const mine = tasks.filter((task) => task.id === id);
      return byUrgency(mine, now()).map((task) => ({
        ...task,
        words: taskWords(task, now(), task.asks === 'all' ? mastered : passed),
      }));
    },
  };
}

/** The one line below a verdict: `due Fri 4 Dec 23:59 Europe/Berlin, in 3 days (Week 1)`; null: nothing to say. */
export function dueLine(assigned: Assigned, id: string, reached: Reached): string | null {
  const [task] = assigned.tasksOf(id, reached).filter(({ words }) => words !== null);
  if (task === undefined) return null;
  return `${task.words} (${task.title}${task.asks === 'all' ? ', all rules' : ''})`;
}
