import { realpathSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { quoted } from '../../catalog/printable.ts';
import { failureText, readTextFile } from '../../catalog/regular-file.ts';
import { parseVerdict } from '../../verdict/verdict.ts';
import type { Verdict } from '../../verdict/verdict.ts';
import { NAME } from '../assignment/assignment.ts';
import { parseGradebook } from './gradebook.ts';
import type { Gradebook, StudentExercise } from './gradebook.ts';

const LARGEST = { gradebook: 256 * 1024 * 1024, verdict: 32 * 1024 * 1024, submission: 16 * 1024 * 1024 };

const submission = z.object({ files: z.record(z.string(), z.string()) });

/**
 * The folder that a sweep left: grades.json, and beside it verdicts and submissions, which are read one at a time, so that
 * a class of any size takes the memory of one student. What is missing or damaged is null, and `problems` says it.
 */
export class ClassFolder {
  readonly path: string;
  readonly gradebook: Gradebook;
  private readonly said = new Set<string>();

  private constructor(path: string, gradebook: Gradebook) {
    this.path = path;
    this.gradebook = gradebook;
  }

  static open(path: string): { ok: true; folder: ClassFolder } | { ok: false; message: string } {
    const file = join(path, 'grades.json');
    const wrong = (why: string): { ok: false; message: string } => ({
      ok: false,
      message: `${file} cannot be used. ${why} Name the folder that \`npm run grade -- --roster …\` wrote with --out.`,
    });
    const read = readTextFile(file, LARGEST.gradebook);
    if (!read.ok) return wrong(failureText(read, LARGEST.gradebook));
    const json = parsed(read.text);
    if (json === undefined) return wrong('It is no JSON.');
    const gradebook = parseGradebook(json);
    if (!gradebook.ok) return wrong(`It is not the grades of a class:\n${gradebook.problem}\n`);
    const odd = oddName(gradebook.gradebook);
    if (odd !== null) return wrong(`${quoted(odd)} stands in file names, and is not fit for one.`);
    return { ok: true, folder: new ClassFolder(realpathSync.native(path), gradebook.gradebook) };
  }

  /** Sentences about files beside grades.json that could not be read, each of them once. */
  get problems(): readonly string[] {
    return [...this.said];
  }

  /** The whole verdict on an exercise of a student, the instructor's. */
  verdict(exercise: StudentExercise): Verdict | null {
    if (exercise.verdict === null) return null;
    const path = exercise.verdict.split('/');
    if (path.some((segment) => !NAME.test(segment)))
      return this.missing(exercise.verdict, 'Its name leads elsewhere.');
    const read = readTextFile(join(this.path, ...path), LARGEST.verdict, this.path);
    if (!read.ok) return this.missing(exercise.verdict, failureText(read, LARGEST.verdict));
    const verdict = parseVerdict(parsed(read.text));
    return verdict.ok
      ? verdict.verdict
      : this.missing(exercise.verdict, 'It is no verdict of this workbook.');
  }

  /** The files of a student that were judged: relative path → text. */
  submission(student: string, exercise: string): Map<string, string> | null {
    const path = `submissions/${student}/${exercise}.json`;
    const read = readTextFile(join(this.path, ...path.split('/')), LARGEST.submission, this.path);
    if (!read.ok) {
      // Nothing was handed in, or an older sweep kept no copies.
      return read.why === 'missing' ? null : this.missing(path, failureText(read, LARGEST.submission));
    }
    const json = submission.safeParse(parsed(read.text));
    return json.success
      ? new Map(Object.entries(json.data.files))
      : this.missing(path, 'It is no submission that this workbook kept.');
  }

  private missing(path: string, why: string): null {
    this.said.add(`${path} was left out. ${why}`);
    return null;
  }
}

/** Ids of students and exercises become file names: the first that must not. */
function oddName({ assignment, students }: Gradebook): string | null {
  const names = [...students.map(({ student }) => student), ...assignment.exercises.map(({ id }) => id)];
  return names.find((name) => !NAME.test(name)) ?? null;
}

/** The value of a JSON text; undefined: it is none. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
