import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Exercise } from '../catalog/exercise.ts';
import { knownSubjects } from '../verify/subject.ts';

/** A program that is judged on every version, written where a check can read it. */
export type Program = { exercise: string; name: string; folder: string; needsNative: boolean };

/** The stub, the right programs, and `mistakes` of the catalogue, spread over it. `to`: a folder of our own. */
export async function writePrograms(
  root: string,
  exercise: Exercise,
  mistakes: number,
  to: string,
): Promise<Program[]> {
  const { subjects } = await knownSubjects(root, exercise);
  const wrong = subjects.filter(({ expected }) => expected.kind === 'mistake');
  const chosen = [
    ...subjects.filter(({ expected }) => expected.kind === 'stub' || expected.kind === 'right'),
    ...spread(wrong, mistakes),
  ];
  const needsNative = exercise.parts.some(
    (part) => part.kind === 'sql' || part.packages.includes('better-sqlite3'),
  );
  return chosen.map(({ name, files }) => {
    const folder = join(to, exercise.id, ...name.split('/'));
    for (const [file, text] of files) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), text);
    }
    return { exercise: exercise.id, name, folder, needsNative };
  });
}

/** At most `count` of them, the first and the last among them, evenly spread. */
export function spread<T>(items: readonly T[], count: number): T[] {
  if (items.length <= count) return [...items];
  if (count <= 1) return items.slice(0, count);
  return Array.from({ length: count }, (_, index) => {
    return items[Math.round((index * (items.length - 1)) / (count - 1))] as T;
  });
}
