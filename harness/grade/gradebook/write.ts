import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readEditable } from '../../catalog/editable.ts';
import type { Exercise } from '../../catalog/exercise.ts';
import { isPlainFolder } from '../../catalog/written-file.ts';
import { renderJson } from '../../verdict/json.ts';
import { withDetail } from '../detail.ts';
import type { Files } from '../similar/similar.ts';
import { ClassFolder } from './class-folder.ts';
import { renderGradesCsv } from './csv.ts';
import { studentFolder } from './gradebook.ts';
import { readAssets } from './report/assets.ts';
import { collectReport } from './report/collect.ts';
import { renderReport } from './report/page.ts';
import { renderStudentSummary } from './student-summary.ts';

export type Writing = {
  /** The workbook's folder, and that of the built harness, absolute. */
  root: string;
  build: string;
  /** Told what is being done, for a line of progress. */
  onStep?: (what: string) => void;
};

export type Written =
  | {
      ok: true;
      /** Relative to the folder, with forward slashes. */
      files: string[];
      students: number;
      /** How many similar pairs are worth a look, and how many groups handed in one program. */
      pairs: number;
      groups: number;
      /** Sentences about what could not be read. */
      problems: string[];
    }
  | { ok: false; message: string };

/**
 * Reads what a sweep left in `out` (grades.json, verdicts/, submissions/) and writes grades.csv, report.html and
 * students/. Nothing else in the folder is touched, so it can be done again at any time. `exercises`: those of this workbook.
 * Throws what the system throws when something cannot be written.
 */
export async function writeReports(
  out: string,
  exercises: readonly Exercise[],
  { root, build, onStep }: Writing,
): Promise<Written> {
  const opened = ClassFolder.open(out);
  if (!opened.ok) return opened;
  const { folder } = opened;
  const stubOf = (exercise: Exercise): Promise<Files | null> => readStub(root, exercise);
  const put = (path: string, text: string): void => writeText(folder.path, path, text);
  const data = await collectReport(folder, {
    exercises,
    stubOf,
    onStudent: (student, whole) => {
      const own = studentFolder(student.student);
      const verdicts = whole.map((verdict) => withDetail(verdict, folder.gradebook.detail));
      for (const verdict of verdicts) put(`${own}/verdicts/${verdict.exercise}.json`, renderJson(verdict));
      put(`${own}/summary.md`, renderStudentSummary(folder.gradebook, student, verdicts));
    },
    ...(onStep === undefined ? {} : { onStep }),
  });
  put('grades.csv', renderGradesCsv(folder.gradebook));
  onStep?.('report.html');
  put('report.html', await renderReport(data, readAssets(build)));
  return {
    ok: true,
    files: ['grades.csv', 'report.html', 'students/'],
    students: folder.gradebook.students.length,
    pairs: data.exercises.reduce((sum, { similar }) => sum + (similar?.found ?? 0), 0),
    groups: data.exercises.reduce((sum, { similar }) => sum + (similar?.groups.length ?? 0), 0),
    problems: [...folder.problems],
  };
}

/** What was given to all; null: this workbook has no solutions beside it, or the stub cannot be read. */
async function readStub(root: string, exercise: Exercise): Promise<Files | null> {
  const read = await readEditable(join(root, 'solutions', exercise.id, 'stub'), exercise.editable);
  return read.ok ? read.files : null;
}

/** Under a name of its own first, so that nobody reads half of it; and only where it is not there already. */
function writeText(top: string, path: string, text: string): void {
  const file = join(top, ...path.split('/'));
  mkdirSync(dirname(file), { recursive: true });
  const folder = dirname(path);
  if (folder !== '.' && !isPlainFolder(top, join(...folder.split('/')))) {
    throw new Error(`${folder} in the folder of the class is a link`);
  }
  if (textOf(file) === text) return;
  const unfinished = `${file}.unfinished-${process.pid}`;
  try {
    writeFileSync(unfinished, text, { flag: 'wx', mode: 0o644 });
    renameSync(unfinished, file);
  } catch (error) {
    rmSync(unfinished, { force: true });
    throw error;
  }
}

function textOf(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}
