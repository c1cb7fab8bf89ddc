import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readEditable } from '../catalog/editable.ts';
import type { Exercise } from '../catalog/exercise.ts';
import { readBroken } from './broken.ts';
import type { Broken } from './broken.ts';
import { readMistakes } from './mistake.ts';
import type { Mistake } from './mistake.ts';

/** A program whose verdict is known beforehand. */
export type KnownSubject = {
  exercise: string;
  name: string;
  /** Where the files come from, for stack traces. */
  folder: string;
  files: Map<string, string>;
  expected:
    | { kind: 'stub' }
    | { kind: 'right' }
    /** `base`: the name of the right program that it was made from. */
    | { kind: 'mistake'; mistake: Mistake; base: string }
    | { kind: 'broken'; broken: Broken; base: string };
};

/** The stub, the solution, the variants, the mistakes and the broken programs of an exercise; and what keeps some from being judged. */
export async function knownSubjects(
  root: string,
  exercise: Exercise,
): Promise<{ subjects: KnownSubject[]; problems: string[] }> {
  const base = join(root, 'solutions', exercise.id);
  const subjects: KnownSubject[] = [];
  const problems: string[] = [];
  const bases = new Map<string, Map<string, string>>();
  const add = async (name: string, folder: string, expected: KnownSubject['expected']) => {
    const read = await readEditable(folder, exercise.editable);
    if (!read.ok) problems.push(`${name}: ${read.problem.message}`);
    else if (read.files.size === 0) problems.push(`${name}: there are no files in ${folder}`);
    else {
      subjects.push({ exercise: exercise.id, name, folder, files: read.files, expected });
      if (expected.kind === 'right') bases.set(name, read.files);
    }
    return read.ok ? read.files : null;
  };
  await add('stub', join(base, 'stub'), { kind: 'stub' });
  const solution = await add('solution', base, { kind: 'right' });
  const variants = foldersIn(join(base, 'variants'));
  for (const name of variants) await add(`variants/${name}`, join(base, 'variants', name), { kind: 'right' });
  if (solution !== null) {
    const read = await readMistakes(join(base, 'mistakes'), solution, exercise.editable);
    for (const each of read) {
      if (!each.ok) {
        problems.push(each.problem);
        continue;
      }
      const { mistake } = each;
      const expected = { kind: 'mistake' as const, mistake, base: 'solution' };
      subjects.push({
        exercise: exercise.id,
        name: `mistakes/${mistake.name}`,
        folder: base,
        files: mistake.files,
        expected,
      });
    }
  }
  const mistakes = subjects.flatMap(({ expected }) =>
    expected.kind === 'mistake' ? [expected.mistake.name] : [],
  );
  for (const each of readBroken(join(base, 'broken'), bases, new Set(mistakes))) {
    if (!each.ok) {
      problems.push(each.problem);
      continue;
    }
    const { broken } = each;
    subjects.push({
      exercise: exercise.id,
      name: `broken/${broken.name}`,
      folder: broken.of === 'solution' ? base : join(base, broken.of),
      files: broken.files,
      expected: { kind: 'broken', broken, base: broken.of },
    });
  }
  return { subjects, problems };
}

function foldersIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .toSorted();
}
