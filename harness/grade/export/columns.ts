import type { StudentGrade } from '../gradebook/gradebook.ts';

/** What a roster says of every student. */
export const OWN_COLUMNS = ['student', 'name', 'email', 'team'] as const;
type OwnColumn = (typeof OWN_COLUMNS)[number];

/** Further columns of a roster: student → column → value. */
export type Roster = ReadonlyMap<string, ReadonlyMap<string, string>>;

/** Which column of the roster stands in a column of an export. */
export type ColumnMap = ReadonlyMap<string, string>;

/** The value of a roster's column for a student; null: there is none. */
export function valueOf(student: StudentGrade, column: string, roster: Roster): string | null {
  const isOwn = (name: string): name is OwnColumn => OWN_COLUMNS.some((own) => own === name);
  // The roster that was named now counts before the one of the sweep.
  const named = roster.get(student.student)?.get(column);
  return named ?? (isOwn(column) ? student[column] : null);
}

/** How the marks are laid out: one column for the assignment, or one for each exercise. */
export type Layout = { map: ColumnMap; roster: Roster; each: boolean };

/** A column of marks: its heading, what can be had, and what a student has; null: nothing was judged. */
export type MarkColumn = { title: string; most: number; scoreOf: (student: StudentGrade) => number };

export function markColumns(
  assignment: {
    name: string;
    title: string;
    exercises: readonly { id: string; title: string; weight: number }[];
  },
  each: boolean,
): MarkColumn[] {
  const title = assignment.title === '' ? assignment.name : assignment.title;
  if (!each) {
    const most = assignment.exercises.reduce((sum, { weight }) => sum + weight, 0);
    return [{ title, most, scoreOf: ({ score }) => score }];
  }
  return assignment.exercises.map(({ id, weight }) => ({
    title: `${title}: ${id}`,
    most: weight,
    scoreOf: ({ exercises }) => exercises.find((exercise) => exercise.id === id)?.score ?? 0,
  }));
}
