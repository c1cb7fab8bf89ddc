import type { Gradebook } from '../gradebook/gradebook.ts';
import type { Found } from './marks.ts';

type Trouble = { student: string; why: string };

/** What could not be judged: not what was judged and is wrong, and not an exercise that was left out. */
export function troublesOf(students: Gradebook['students'], found: ReadonlyMap<string, Found>): Trouble[] {
  return students.flatMap(({ student, problem, exercises }) => {
    if (problem !== null) return [{ student, why: problem }];
    const entries = found.get(student)?.entries ?? [];
    return exercises.flatMap(({ id, status, provenance, problem: why }) => {
      const isOurs = entries.find(({ exercise }) => exercise === id)?.summary?.error === 'harness';
      if (status !== 'error' || (provenance !== null && !isOurs)) return [];
      return [{ student, why: `${id}: ${why ?? 'It could not be judged.'}` }];
    });
  });
}

/** How many marks count as received only when a sweep saw them, after the due time: nobody knows better. */
export function seenLate(students: Gradebook['students'], found: ReadonlyMap<string, Found>): number {
  return students
    .filter(({ student }) => {
      const { row, committedAt } = found.get(student) ?? {};
      return row?.received === null && committedAt === null;
    })
    .flatMap(({ exercises }) => exercises)
    .filter(({ lateness, status }) => lateness.lateMs > 0 && status !== 'missing').length;
}
