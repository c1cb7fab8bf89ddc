import type { Stats } from 'node:fs';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import type { Decision, Work } from './decision.ts';
import type { Git } from './git.ts';

/** What lies at these paths, as git would store it: line ends count as .gitattributes says. */
export async function worksOf(git: Git, root: string, paths: readonly string[]): Promise<Map<string, Work>> {
  const works = new Map<string, Work>();
  const files: string[] = [];
  for (const path of paths) {
    const kind = kindAt(join(root, path));
    if (kind === 'file') files.push(path);
    else works.set(path, { kind });
  }
  if (files.length === 0) return works;
  const hashed = await git.must(['hash-object', '--stdin-paths'], { input: `${files.join('\n')}\n` });
  const oids = hashed.toString('utf8').split('\n');
  for (const [index, path] of files.entries()) works.set(path, { kind: 'file', oid: oids[index] ?? '' });
  return works;
}

function kindAt(file: string): 'missing' | 'file' | 'other' {
  const stats = statsOf(file);
  if (stats === undefined) return 'missing';
  return stats.isFile() ? 'file' : 'other';
}

/** Of the name itself, also where it is a link; undefined: nothing lies there, or a file lies above it. */
function statsOf(file: string): Stats | undefined {
  try {
    return lstatSync(file, { throwIfNoEntry: false });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOTDIR') return undefined;
    throw error;
  }
}

/**
 * The first thing that lies where a folder is needed, or null: a file of the learner's, or a link to somewhere else.
 * Git would take it away to make room.
 */
export function obstacle(root: string, decisions: readonly Decision[]): string | null {
  const leaving = new Set(
    decisions.filter(({ work }) => work === 'remove' || work === 'aside').map(({ path }) => path),
  );
  for (const { path, work } of decisions) {
    if (work === 'keep') continue;
    for (let folder = dirname(path); folder !== '.'; folder = dirname(folder)) {
      const stats = statsOf(join(root, folder));
      if (stats === undefined || stats.isDirectory() || leaving.has(folder)) continue;
      return folder;
    }
  }
  return null;
}

/** Whether anything lies in the folder that does not leave with the workbook's own files. */
export function hasMore(root: string, folder: string, decisions: readonly Decision[]): boolean {
  const leaving = new Set(decisions.filter(({ work }) => work === 'remove').map(({ path }) => path));
  const visit = (place: string): boolean =>
    readdirSync(join(root, place), { withFileTypes: true }).some((entry) => {
      const path = `${place}/${entry.name}`;
      return entry.isDirectory() ? visit(path) : !leaving.has(path);
    });
  return statsOf(join(root, folder))?.isDirectory() === true && visit(folder);
}

/** A folder for what an update sets aside. It is made when the first file goes there. */
export class Aside {
  /** Relative to the workbook, with forward slashes: `set-aside/2031-01-31`. */
  readonly place: string;
  /** What was moved: where it lay, relative to the workbook. */
  readonly moved: string[] = [];
  private readonly root: string;

  constructor(root: string, now: number) {
    this.root = root;
    const day = new Date(now).toISOString().slice(0, 10);
    let place = `set-aside/${day}`;
    for (let count = 2; existsSync(join(root, place)); count++) place = `set-aside/${day}-${count}`;
    this.place = place;
  }

  /** Moves a file, link or folder of the workbook, as it is. */
  move(path: string): void {
    const target = join(this.root, this.place, path);
    mkdirSync(dirname(target), { recursive: true });
    renameSync(join(this.root, path), target);
    this.moved.push(path);
  }

  /** Writes what was only staged. */
  write(path: string, content: Buffer): void {
    const name = `${path}.staged`;
    const target = join(this.root, this.place, name);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, content, { flag: 'wx' });
    this.moved.push(name);
  }
}

/** Sets aside and removes, so that nothing of the learner's is where the newer files go. */
export function clear(
  root: string,
  decisions: readonly Decision[],
  goneFolders: readonly string[],
  aside: Aside,
): void {
  for (const { path, work } of decisions) {
    if (work === 'replace' || work === 'aside') aside.move(path);
    if (work === 'remove') rmSync(join(root, path), { force: true });
    if (work === 'remove' || work === 'aside') removeEmptyFolders(root, dirname(path));
  }
  for (const folder of goneFolders) if (existsSync(join(root, folder))) aside.move(folder);
}

/** The folder and those above it, as far as nothing is in them. */
function removeEmptyFolders(root: string, start: string): void {
  for (let folder = start; folder !== '.'; folder = dirname(folder)) {
    const place = join(root, folder);
    if (!existsSync(place) || readdirSync(place).length > 0) return;
    rmdirSync(place);
  }
}
