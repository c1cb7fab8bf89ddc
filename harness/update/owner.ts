import picomatch from 'picomatch';
import { parseExerciseFile } from '../catalog/exercise-file.ts';
import { exerciseOf } from './changes.ts';
import type { Facts } from './decision.ts';
import type { Git } from './git.ts';
import type { Tree } from './tree.ts';

/** Where nobody can say what is editable, all of src/ is the learner's. */
const FALLBACK = ['src/**'];

/** Says whose a path is. Editable is what the exercise declares, before or after: neither may cost a learner a file. */
export async function ownership(
  git: Git,
  base: Tree,
  theirs: Tree,
): Promise<{ gone: string[]; ownerOf: (path: string) => Facts['owner'] }> {
  const files = [...new Set([...base.keys(), ...theirs.keys()])].filter((path) =>
    /^exercises\/\d\d-[^/]+\/exercise\.json$/.test(path),
  );
  const entries = files.flatMap((file) =>
    [base.get(file), theirs.get(file)].flatMap((entry) => (entry === undefined ? [] : [{ file, entry }])),
  );
  const texts = await git.blobs(entries.map(({ entry }) => entry.oid));
  const globs = new Map<string, Set<string>>();
  for (const { file, entry } of entries) {
    const id = exerciseOf(file) ?? '';
    const parsed = parseExerciseFile(texts.get(entry.oid)?.toString('utf8') ?? '');
    const known = globs.get(id) ?? new Set();
    for (const glob of parsed.ok ? parsed.file.editable : FALLBACK) known.add(glob);
    globs.set(id, known);
  }
  const matchers = new Map([...globs].map(([id, all]) => [id, picomatch([...all], { windows: false })]));
  const gone = files
    .filter((file) => base.has(file) && !theirs.has(file))
    .map((file) => file.slice(0, -'/exercise.json'.length));
  return {
    gone,
    ownerOf: (path) => {
      if (gone.some((folder) => path.startsWith(`${folder}/`))) return 'gone';
      const id = path.startsWith('exercises/') ? exerciseOf(path) : null;
      if (id === null) return 'workbook';
      const isEditable = matchers.get(id)?.(path.slice(`exercises/${id}/`.length)) ?? false;
      return isEditable ? 'learner' : 'workbook';
    },
  };
}
