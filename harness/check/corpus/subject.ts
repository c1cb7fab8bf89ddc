import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readEditable } from '../../catalog/editable.ts';
import type { SourceFiles } from '../../compile/compile.ts';
import { corpusFolder } from './workbook.ts';

/** The exercise that all subjects are judged against. */
export const EXERCISE = '01-http-server';

/**
 * One hostile or broken program. Its files lie in `corpus/<name>/src/` and are laid over a base: `stub` is the untouched
 * stub, which keeps no rule, so that any point would be forged; `solution` is the reference solution.
 *
 * - `trick.ts` is imported before everything else, by both entries of the exercise.
 * - A file that the base has too takes its place; the base's own is then called `base.ts` or `base-parser.ts`.
 */
export type CorpusSubject = {
  name: string;
  /** Rows of the list of threats that it belongs to. */
  rows: string;
  base: 'stub' | 'solution';
  /** What the program does, for the name of its test. */
  does: string;
  /** Multiplies the time limits, for a program that is known to hang. */
  pace: number;
  /** How it ends depends on the version of Node.js or on the machine: only that it gains nothing is asserted. */
  loose: boolean;
  /** Its end falls between two moments: whether a note tells of it depends on which of them comes first. */
  unnoted: boolean;
};

type Line = readonly [
  name: string,
  rows: string,
  base: CorpusSubject['base'],
  does: string,
  how?: number | 'loose' | 'unnoted',
];

/** A list of subjects, a line each. */
export function subjects(lines: readonly Line[]): CorpusSubject[] {
  return lines.map(([name, rows, base, does, how]) => ({
    name,
    rows,
    base,
    does,
    pace: typeof how === 'number' ? how : 1,
    loose: how === 'loose',
    unnoted: how === 'unnoted',
  }));
}

const ENTRIES: Readonly<Record<string, string>> = {
  'src/server.ts': 'src/base.ts',
  'src/parse-request.ts': 'src/base-parser.ts',
};

/** The files of a subject as a check gets them. `root`: the workbook. */
export async function subjectFiles(root: string, { name, base }: CorpusSubject): Promise<SourceFiles> {
  const solution = join(root, 'solutions', EXERCISE);
  const files = await filesBelow(base === 'stub' ? join(solution, 'stub') : solution);
  const own = join(corpusFolder, name);
  for (const [path, text] of existsSync(join(own, 'src')) ? await filesBelow(own) : []) {
    const aside = ENTRIES[path];
    if (aside !== undefined) files.set(aside, files.get(path) as string);
    files.set(path, text);
  }
  if (files.has('src/trick.ts')) {
    // On the first line, so that the numbers of the others stay.
    for (const entry of Object.keys(ENTRIES))
      files.set(entry, `import './trick.ts'; ${files.get(entry) ?? ''}`);
  }
  return files;
}

async function filesBelow(folder: string): Promise<Map<string, string>> {
  const read = await readEditable(folder, ['src/**/*.ts']);
  if (!read.ok) throw new Error(`${folder}: ${read.problem.message}`);
  return read.files;
}

/** The text of a subject's trick, to try it elsewhere. */
export function trickOf(name: string): string {
  const file = join(corpusFolder, name, 'src', 'trick.ts');
  if (!existsSync(file)) throw new Error(`${name} has no trick`);
  return readFileSync(file, 'utf8');
}
