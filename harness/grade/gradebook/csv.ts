import { csvTable } from '../sink/csv.ts';
import type { Cell } from '../sink/csv.ts';
import type { Gradebook, StudentExercise, StudentGrade } from './gradebook.ts';

const HOUR = 3_600_000;

/**
 * grades.csv: a row for each student, in the order of the roster, for people and their spreadsheets; programs read
 * grades.json. The byte order mark is there only when it is needed: without it Excel reads a file in the code page of its
 * machine and spoils every name that is not ASCII, and with it many other programs take it for a part of the first heading.
 */
export function renderGradesCsv(gradebook: Gradebook): string {
  const ids = gradebook.assignment.exercises.map(({ id }) => id);
  const text = csvTable([
    [
      ...['student', 'name', 'email', 'team', 'received', 'received by'],
      ...ids.flatMap((id) =>
        ['status', 'points', 'of', 'late hours', 'score'].map((what) => `${id} ${what}`),
      ),
      ...['total', 'of', 'problem'],
    ],
    ...gradebook.students.map((student) => row(student, ids)),
  ]);
  return /[^\0-\x7f]/.test(text) ? `\ufeff${text}` : text;
}

function row(student: StudentGrade, ids: readonly string[]): Cell[] {
  const byId = new Map(student.exercises.map((exercise) => [exercise.id, exercise]));
  return [
    ...[student.student, student.name, student.email, student.team],
    ...[student.received?.at ?? null, student.received?.by ?? null],
    ...ids.flatMap((id) => cells(byId.get(id))),
    ...[student.score, student.maxScore, student.problem],
  ];
}

function cells(exercise: StudentExercise | undefined): Cell[] {
  if (exercise === undefined) return [null, null, null, null, null];
  const { status, mastered, points, maxPoints, lateness, score } = exercise;
  const late = Math.round((lateness.lateMs / HOUR) * 100) / 100;
  return [mastered ? 'mastered' : status, points, maxPoints, late, score];
}
