import { lstatSync, opendirSync } from 'node:fs';
import { join } from 'node:path';
import { readTextFile } from '../catalog/regular-file.ts';

/** More names than these in a repository's own folder are a bomb. */
const MOST_NAMES = 200_000;

/** What git reads of a repository when it is fetched from. */
const READ = ['HEAD', 'config', 'config.worktree', 'info', 'packed-refs', 'shallow', 'refs', 'objects'];

/** git's folder of the repository that `folder` is; null: it is none. */
export function gitFolderOf(folder: string): string | null {
  if (isThere(join(folder, '.git'))) return join(folder, '.git');
  return isBare(folder) ? folder : null;
}

/** Whether a folder is a repository without files beside it. */
export function isBare(folder: string): boolean {
  return ['HEAD', 'objects', 'refs'].every((name) => isThere(join(folder, name)));
}

/**
 * Why a repository on this machine is not fetched from; null: it is. One that borrows from elsewhere on the disk, by a link
 * or in git's own way, could hand in files that are not its own.
 */
export function repositoryProblem(gitFolder: string): string | null {
  if (lstatSync(gitFolder, { throwIfNoEntry: false })?.isDirectory() !== true) return ELSEWHERE;
  if (isThere(join(gitFolder, 'commondir'))) return ELSEWHERE;
  const alternates = readTextFile(join(gitFolder, 'objects', 'info', 'alternates'), 4096);
  if (alternates.ok ? alternates.text.trim() !== '' : alternates.why !== 'missing') return BORROWS;
  let names = 0;
  const folders: string[] = [];
  const visit = (path: string): string | null => {
    const stats = lstatSync(path, { throwIfNoEntry: false });
    if (stats === undefined || stats.isFile()) return null;
    if (!stats.isDirectory()) return LINK;
    folders.push(path);
    return null;
  };
  for (const name of READ) {
    const problem = visit(join(gitFolder, name));
    if (problem !== null) return problem;
  }
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    const open = opendirSync(folder);
    try {
      for (let entry = open.readSync(); entry !== null; entry = open.readSync()) {
        if (++names > MOST_NAMES) return LARGE;
        if (entry.isFile()) continue;
        const problem = visit(join(folder, entry.name));
        if (problem !== null) return problem;
      }
    } finally {
      open.closeSync();
    }
  }
  return null;
}

function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

const ELSEWHERE = 'Its .git leads to a repository somewhere else. Name that repository, or a clone of it.';
const BORROWS = 'It borrows objects from another repository (objects/info/alternates). Name a clone of it.';
const LINK = 'There are links, pipes or devices in its .git folder. Name a clone of it.';
const LARGE = `There are more than ${MOST_NAMES} files in its .git folder.`;
