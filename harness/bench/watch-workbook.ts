import { cpSync, mkdirSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { packageFolders } from '../subject/packages.ts';

/** Found by the harness itself; only the learner's packages have to be real folders, as hosts may read no link's end. */
const LINKED = ['esbuild', '@esbuild', 'vite', 'vitest', '@vitest'];

/** A workbook of one exercise in `folder`, with its solution in the learner's place, so that nobody's work is touched. */
export function writeWorkbook(root: string, folder: string, id: string, packages: readonly string[]): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, 'node_modules'), { recursive: true });
  cpSync(join(root, '.workbook', 'build'), join(folder, '.workbook', 'build'), { recursive: true });
  cpSync(join(root, 'package.json'), join(folder, 'package.json'));
  cpSync(join(root, 'exercises', id), join(folder, 'exercises', id), { recursive: true });
  cpSync(join(root, 'solutions', id, 'stub'), join(folder, 'solutions', id, 'stub'), { recursive: true });
  const src = join(folder, 'exercises', id, 'src');
  rmSync(src, { recursive: true, force: true });
  cpSync(join(root, 'solutions', id, 'src'), src, { recursive: true });
  for (const from of packageFolders(root, [...packages, 'better-sqlite3'])) {
    const to = join(folder, relative(root, from));
    mkdirSync(dirname(to), { recursive: true });
    cpSync(from, to, { recursive: true });
  }
  const present = new Set(readdirSync(join(folder, 'node_modules')));
  for (const name of LINKED.filter((each) => !present.has(each))) {
    symlinkSync(join(root, 'node_modules', name), join(folder, 'node_modules', name), 'junction');
  }
}
