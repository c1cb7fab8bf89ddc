import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Part } from '../../catalog/exercise.ts';
import { compile } from '../../compile/compile.ts';
import type { Compiled, SourceFiles } from '../../compile/compile.ts';
import type { CompiledTest } from '../../subject/tests/run.ts';
import type { Programs } from './programs.ts';

/** A learner's test file: where it stands, and what runs of it. */
export type LearnerTest = CompiledTest & { file: string };

export type CompiledTests = { ok: true; tests: LearnerTest[] } | Extract<Compiled, { ok: false }>;

const TEST_FILE = /\.test\.m?[jt]s$/;

/** The module that stands for the program in what is compiled. */
const SUBJECT = '#subject';

/**
 * Compiles the learner's test files, each with what it imports. The files that stand for the program are exchanged for one
 * that leads to it: the same for every program.
 */
export async function compileTests(
  part: Pick<Part, 'packages' | 'modules'>,
  given: { files: SourceFiles; folder: string; programs: Programs; build: string },
): Promise<CompiledTests> {
  const files = new Map(given.files);
  for (const [file, face] of given.programs.faces) {
    const lines = [...face].map(([name, meeting]) => `export const ${name} = subject.${meeting}('${name}');`);
    files.set(file, [`import { subject } from '${SUBJECT}';`, ...lines].join('\n'));
  }
  const places = new Map(
    [...part.packages, SUBJECT].map((name) => {
      const file = join(given.build, 'tests', `${name.replace('#', '')}.mjs`);
      return [name, pathToFileURL(file).href];
    }),
  );
  const tests: LearnerTest[] = [];
  for (const file of [...files.keys()].filter((each) => TEST_FILE.test(each)).toSorted()) {
    const { packages, modules } = part;
    const compiled = await compile({ files, entry: file, packages, modules, folder: given.folder, places });
    if (!compiled.ok) return compiled;
    tests.push({ file, name: `${file.replaceAll(/[^\w.-]/g, '_')}.mjs`, text: compiled.text });
  }
  return { ok: true, tests };
}
