import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { digestFiles, readEditable } from '../catalog/editable.ts';
import type { SkippedFile } from '../catalog/editable.ts';
import type { Exercise } from '../catalog/exercise.ts';
import { hiddenNames, hiddenText } from '../catalog/hidden.ts';
import type { SourceFiles } from '../compile/compile.ts';

/** What a check is about: the learner's files, or why they cannot be read; and the digests of both sides. */
export type SubjectFiles = {
  sources: { ok: true; files: SourceFiles } | { ok: false; message: string };
  skipped: readonly SkippedFile[];
  digests: { suite: string; files: string };
  /** The files are the stub as it was handed out. */
  untouched: boolean;
};

/** Reads the files of `folder` that the exercise declares editable. */
export async function loadedSubjectFiles(
  root: string,
  exercise: Exercise,
  folder: string,
): Promise<SubjectFiles> {
  const suite = suiteDigest(exercise);
  const read = await readEditable(folder, exercise.editable);
  if (!read.ok) {
    const sources = { ok: false as const, message: read.problem.message };
    return { sources, skipped: [], digests: { suite, files: digestFiles(new Map()) }, untouched: false };
  }
  const digest = digestFiles(read.files);
  const stub = await readEditable(join(root, 'solutions', exercise.id, 'stub'), exercise.editable);
  return {
    sources: { ok: true, files: read.files },
    skipped: read.skipped,
    digests: { suite, files: digest },
    untouched: stub.ok && digestFiles(stub.files) === digest,
  };
}

/** SHA-256 over everything that decides: the spec, the details of its rules, and the suite's files. */
export function suiteDigest(exercise: Exercise): string {
  const files = new Map<string, string>();
  for (const name of ['README.md', 'exercise.json'])
    files.set(name, readFileSync(join(exercise.folder, name), 'utf8'));
  if (existsSync(join(exercise.folder, 'hidden'))) {
    for (const name of hiddenNames(exercise.folder)) {
      // Code, and the list of programs that tests are tried on.
      if (/\.(ts|yaml)$/.test(name)) files.set(`hidden/${name}`, hiddenText(exercise.folder, name));
    }
  }
  return digestFiles(files);
}
