import type { Gradebook, StudentGrade } from '../gradebook/gradebook.ts';
import { csvTable } from '../sink/csv.ts';
import type { Cell } from '../sink/csv.ts';
import { markColumns, valueOf } from './columns.ts';
import type { Layout } from './columns.ts';

/** The columns before the marks, as Canvas itself writes them when it exports a gradebook; it insists on their order. */
export const CANVAS_COLUMNS = ['Student', 'ID', 'SIS User ID', 'SIS Login ID', 'Section'] as const;

/** Where nothing else is said: who is known by name in Canvas, and logs in with what the roster calls `student`. */
const USUAL: Readonly<Record<string, string>> = { Student: 'name', 'SIS Login ID': 'student' };

/**
 * The file that Canvas takes under Gradebook → Import. It finds a student by ID, then by SIS User ID, SIS Login ID and name,
 * so one of them has to be what Canvas has; `map` names the column of the roster. The row *Points Possible* is the second.
 * A column whose title is that of no assignment makes a new one.
 */
export function renderCanvas({ assignment, students }: Gradebook, { map, roster, each }: Layout): string {
  const marks = markColumns(assignment, each);
  const about = (student: StudentGrade): Cell[] =>
    CANVAS_COLUMNS.map((column) => {
      const from = map.get(column) ?? USUAL[column];
      const value = from === undefined ? null : valueOf(student, from, roster);
      // The first column must hold something, or Canvas takes the row for an empty one.
      return column === 'Student' ? named(value ?? student.student) : value;
    });
  return csvTable([
    [...CANVAS_COLUMNS, ...marks.map(({ title }) => title)],
    ['    Points Possible', '', '', '', '', ...marks.map(({ most }) => most)],
    ...students.map((student) => [...about(student), ...marks.map(({ scoreOf }) => scoreOf(student))]),
  ]);
}

/** Canvas looks for two words in the first column to find the row of points; a student of that name would be taken for it. */
function named(name: string): string {
  return name.replaceAll('Points Possible', 'Points  Possible');
}
