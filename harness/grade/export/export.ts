import type { ClassFolder } from '../gradebook/class-folder.ts';
import { withDetail } from '../detail.ts';
import { CANVAS_COLUMNS, renderCanvas } from './canvas.ts';
import { classroomFiles } from './classroom.ts';
import type { Layout } from './columns.ts';
import { ctrfFiles } from './ctrf.ts';
import { exercismFiles } from './exercism.ts';
import { MOODLE_COLUMNS, renderMoodle } from './moodle.ts';
import { resultsOf } from './student-results.ts';
import type { ExportFiles, StudentResults } from './student-results.ts';

/** Formats for the whole class are one file; the others are a folder with something for each student. */
export const FORMATS = {
  canvas: { what: 'one CSV file for the gradebook of Canvas', columns: CANVAS_COLUMNS },
  moodle: { what: 'one CSV file for the grades of Moodle', columns: MOODLE_COLUMNS },
  classroom: { what: 'a folder: results for the reporter of GitHub Classroom', columns: null },
  ctrf: { what: 'a folder: Common Test Report Format, a file a student', columns: null },
  exercism: { what: 'a folder: results.json of a test runner for Exercism, version 3', columns: null },
} as const;
export type Format = keyof typeof FORMATS;

/** Of one file, or of many by their path. Nothing says more than the assignment allows to show. */
export type Exported = { kind: 'file'; text: string } | { kind: 'folder'; files: Iterable<ExportFiles> };

export function exportClass(folder: ClassFolder, format: Format, layout: Layout): Exported {
  const { gradebook } = folder;
  switch (format) {
    case 'canvas':
      return { kind: 'file', text: renderCanvas(gradebook, layout) };
    case 'moodle':
      return { kind: 'file', text: renderMoodle(gradebook, layout) };
    case 'classroom':
      return { kind: 'folder', files: perStudent(folder, classroomFiles) };
    case 'ctrf':
      return { kind: 'folder', files: perStudent(folder, ctrfFiles) };
    case 'exercism':
      return { kind: 'folder', files: perStudent(folder, exercismFiles) };
  }
}

/** One student after the other, so that a class of any size takes the memory of one. */
function* perStudent(
  folder: ClassFolder,
  render: (results: StudentResults) => ExportFiles,
): Iterable<ExportFiles> {
  const { gradebook } = folder;
  for (const student of gradebook.students) {
    const results = resultsOf(gradebook, student, (mark) => {
      const verdict = folder.verdict(mark);
      return verdict === null ? null : withDetail(verdict, gradebook.detail);
    });
    yield render(results);
  }
}
