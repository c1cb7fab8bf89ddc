import type { Gradebook, StudentExercise, StudentGrade } from '../gradebook/gradebook.ts';
import { stateOf } from '../gradebook/report/data.ts';
import { number, span } from '../gradebook/report/words.ts';
import { csvTable } from '../sink/csv.ts';
import { markColumns, valueOf } from './columns.ts';
import type { Layout } from './columns.ts';

/** By these Moodle finds a student: one of them is chosen as "Map from" when the file is imported. */
export const MOODLE_COLUMNS = ['ID number', 'Email address'] as const;

const USUAL: Readonly<Record<string, string>> = { 'ID number': 'student', 'Email address': 'email' };

/**
 * The file that Moodle takes under Grades → Import → CSV file, with headings as its own export has them. Marks and feedback
 * stand beside each other: Moodle's documentation warns that feedback alone takes the marks away.
 */
export function renderMoodle(
  { assignment, students, detail }: Gradebook,
  { map, roster, each }: Layout,
): string {
  const marks = markColumns(assignment, each);
  const ids = assignment.exercises.map(({ id }) => id);
  return csvTable([
    [...MOODLE_COLUMNS, ...marks.flatMap(({ title }) => [`${title} (Real)`, `${title} (Feedback)`])],
    ...students.map((student) => [
      ...MOODLE_COLUMNS.map((column) => valueOf(student, map.get(column) ?? USUAL[column] ?? '', roster)),
      ...marks.flatMap(({ scoreOf }, index) => [
        scoreOf(student),
        feedback(student, each ? [ids[index] ?? ''] : ids, detail),
      ]),
    ]),
  ]);
}

/**
 * What Moodle shows to the student. It may be read as HTML there, so there is nothing in it that a student or a program
 * wrote: words of ours, ids and numbers.
 */
function feedback(student: StudentGrade, ids: readonly string[], detail: Gradebook['detail']): string {
  if (student.problem !== null) return 'The submission could not be taken in.';
  const lines = student.exercises
    .filter(({ id }) => ids.includes(id))
    .map(
      (exercise) =>
        `${exercise.id}: ${detail === 'score' ? '' : `${WORDS[stateOf(exercise)]}, `}${points(exercise)}`,
    );
  return lines.join('; ');
}

function points({ points, maxPoints, lateness }: StudentExercise): string {
  const { lateMs, factor } = lateness;
  const late = lateMs > 0 ? `, ${span(lateMs)} late, counts ${number(factor * 100)} %` : '';
  return `${points} of ${maxPoints} points${late}`;
}

const WORDS = {
  mastered: 'mastered',
  passed: 'passed',
  failed: 'not passed',
  error: 'could not be judged',
  missing: 'nothing handed in',
};
