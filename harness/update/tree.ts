import type { Entry } from './decision.ts';
import type { Git } from './git.ts';

/** All files of a commit or of the index: path → entry. */
export type Tree = ReadonlyMap<string, Exclude<Entry, null>>;

/** The files of a commit. */
export async function treeOf(git: Git, commit: string): Promise<Tree> {
  // 100644 blob 8ab686ea…\tpath
  return read(await git.must(['ls-tree', '-r', '-z', '--full-tree', commit]), (words) => words[2]);
}

/** What is staged. */
export async function treeOfIndex(git: Git): Promise<Tree> {
  // 100644 8ab686ea… 0\tpath
  return read(await git.must(['ls-files', '--stage', '-z']), (words) => words[1]);
}

function read(listing: Buffer, oidOf: (words: string[]) => string | undefined): Tree {
  const tree = new Map<string, Exclude<Entry, null>>();
  for (const line of listing.toString('utf8').split('\0')) {
    const tab = line.indexOf('\t');
    if (tab === -1) continue;
    const words = line.slice(0, tab).split(' ');
    const oid = oidOf(words);
    if (words[0] !== undefined && oid !== undefined) tree.set(line.slice(tab + 1), { mode: words[0], oid });
  }
  return tree;
}

/** Entries for `git update-index -z --index-info`; null takes a path out. */
export function indexInfo(entries: Iterable<readonly [path: string, entry: Entry]>): string {
  let text = '';
  for (const [path, entry] of entries) {
    text += entry === null ? `0 ${'0'.repeat(40)}\t${path}\0` : `${entry.mode} ${entry.oid}\t${path}\0`;
  }
  return text;
}
