import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readEditable } from '../catalog/editable.ts';
import type { Exercise } from '../catalog/exercise.ts';
import { readMistakes } from './mistake.ts';
import type { Mistake } from './mistake.ts';

/** A program whose verdict is known beforehand. */
export type KnownSubject = {
  exercise: string;
  name: string;
  /** Where the files come from, for stack traces. */
  folder: string;
  files: Map<string, string>;
  expected: { kind: 'stub' } | { kind: 'right' } | { kind: 'wrong'; mistake: Mistake };
};

/** The stub, the solution, the variants and the mistakes of an exercise; and what keeps some from being judged. */
export async function knownSubjects(
  root: string,
  exercise: Exercise,
): Promise<{ subjects: KnownSubject[]; problems: string[] }> {
  const base = join(root, 'solutions', exercise.id);
  const subjects: KnownSubject[] = [];
  const problems: string[] = [];
  const add = async (name: string, folder: string, expected: KnownSubject['expected']) => {
    const read = await readEditable(folder, exercise.editable);
    if (!read.ok) problems.push(`${name}: ${read.problem.message}`);
    else if (read.files.size === 0) problems.push(`${name}: there are no files in ${folder}`);
    else subjects.push({ exercise: exercise.id, name, folder, files: read.files, expected });
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
      const expected = { kind: 'wrong' as const, mistake };
      subjects.push({
        exercise: exercise.id,
        name: `mistakes/${mistake.name}`,
        folder: base,
        files: mistake.files,
        expected,
      });
    }
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
