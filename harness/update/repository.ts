import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { quoted } from '../catalog/printable.ts';
import type { Git } from './git.ts';

/** Where the learner stands: a commit on a branch, with nothing half done. `why`: ends with what to do next. */
export type Standing = { ok: true; head: string; branch: string } | { ok: false; why: string };

/** What git keeps while an operation is under way, and how that is ended. */
const OPERATIONS: readonly [file: string, name: string, next: string][] = [
  ['rebase-merge', 'A rebase', '`git rebase --continue` or `git rebase --abort`'],
  ['rebase-apply', 'A rebase', '`git rebase --continue` or `git rebase --abort`'],
  ['MERGE_HEAD', 'A merge', '`git merge --continue` or `git merge --abort`'],
  ['CHERRY_PICK_HEAD', 'A cherry-pick', '`git cherry-pick --continue` or `git cherry-pick --abort`'],
  ['REVERT_HEAD', 'A revert', '`git revert --continue` or `git revert --abort`'],
  ['BISECT_LOG', 'A bisect', '`git bisect reset`'],
  [
    'index.lock',
    'Another git command',
    'wait until it is done; if none runs, delete the file .git/index.lock',
  ],
];

/** Looks whether an update can begin here at all. */
export async function standing(git: Git, root: string): Promise<Standing> {
  const place = await git.run(['rev-parse', '--show-prefix']);
  if (place.missing)
    return refused('git is not installed. Install it from https://git-scm.com and try again.');
  if (place.code !== 0) return refused(`${NO_REPOSITORY}\ngit says: ${place.err}`);
  if (place.out.toString('utf8').trim() !== '') return refused(NESTED);
  const head = await git.line(['rev-parse', '--quiet', '--verify', 'HEAD^{commit}']);
  if (head === null) return refused(`There is no commit here yet. ${NO_REPOSITORY}`);
  const paths = await git.must(['rev-parse', ...OPERATIONS.flatMap(([file]) => ['--git-path', file])]);
  const present = paths
    .toString('utf8')
    .split(/\r?\n/)
    .map((path) => path !== '' && existsSync(resolve(root, path)));
  const [, name, next] = OPERATIONS.find((_, index) => present[index] === true) ?? [];
  if (name !== undefined) {
    return refused(
      `${name} is under way in this repository. Nothing was changed. End it first: ${next}. Then run \`npm run update\` again.`,
    );
  }
  const branch = await git.line(['symbolic-ref', '--quiet', '--short', 'HEAD']);
  if (branch === null) return refused(DETACHED);
  const unmerged = await git.must(['ls-files', '--unmerged', '-z']);
  if (unmerged.length > 0) return refused(UNMERGED);
  return { ok: true, head, branch };
}

/** The branch that a newer workbook comes from. */
export type Source = { remote: string; branch: string };

export type Sought =
  { kind: 'found'; source: Source } | { kind: 'refused'; why: string } | { kind: 'unreachable'; why: string };

/** Finds the remote and its branch; asks the remote. `wanted`: what was said on the command line, else null. */
export async function findSource(
  git: Git,
  wanted: { remote: string | null; branch: string | null },
): Promise<Sought> {
  const remotes = (await git.must(['remote'])).toString('utf8').split('\n').filter(Boolean);
  if (wanted.remote !== null && !remotes.includes(wanted.remote)) {
    const there = remotes.length === 0 ? 'There is none at all.' : `There are: ${remotes.join(', ')}.`;
    return refused(
      `There is no remote ${quoted(wanted.remote)}. ${there} Add one: git remote add upstream ADDRESS`,
    );
  }
  const remote = wanted.remote ?? ['upstream', 'origin'].find((each) => remotes.includes(each));
  if (remote === undefined) return refused(NO_REMOTE);
  const asked = wanted.branch === null ? 'HEAD' : `refs/heads/${wanted.branch}`;
  if (wanted.branch !== null && (await git.run(['check-ref-format', asked])).code !== 0) {
    return refused(`${quoted(wanted.branch)} cannot be the name of a branch.`);
  }
  const answer = await git.run(['ls-remote', '--symref', '--', remote, asked]);
  if (answer.code !== 0) return { kind: 'unreachable', why: `${remote} gives no answer.\n${answer.err}` };
  const text = answer.out.toString('utf8');
  if (wanted.branch !== null) {
    const isThere = text.split('\n').some((line) => line.endsWith(`\t${asked}`));
    return isThere
      ? { kind: 'found', source: { remote, branch: wanted.branch } }
      : refused(`${remote} has no branch ${quoted(wanted.branch)}. Name another: --branch NAME`);
  }
  const [, branch] = /^ref: refs\/heads\/(\S+)\tHEAD$/m.exec(text) ?? [];
  if (branch === undefined) return refused(`${remote} names no main branch. Name it: --branch NAME`);
  return { kind: 'found', source: { remote, branch } };
}

/** Fetches the branch, and nothing else. The commit that it stands at, or why it could not be fetched. */
export async function fetchSource(
  git: Git,
  { remote, branch }: Source,
): Promise<{ ok: true; commit: string } | { ok: false; why: string }> {
  const ref = `refs/remotes/${remote}/${branch}`;
  const fetched = await git.run([
    'fetch',
    '--quiet',
    '--no-tags',
    '--no-recurse-submodules',
    '--',
    remote,
    `+refs/heads/${branch}:${ref}`,
  ]);
  if (fetched.code !== 0) return { ok: false, why: `${remote} could not be fetched.\n${fetched.err}` };
  const commit = await git.line(['rev-parse', '--quiet', '--verify', `${ref}^{commit}`]);
  return commit === null ? { ok: false, why: `${ref} is no commit.` } : { ok: true, commit };
}

/** The commit that both sides come from. */
export async function commonCommit(
  git: Git,
  head: string,
  theirs: string,
  { remote }: Source,
): Promise<{ ok: true; base: string } | { ok: false; why: string }> {
  const base = await git.line(['merge-base', head, theirs]);
  if (base !== null) return { ok: true, base };
  const isShallow = (await git.line(['rev-parse', '--is-shallow-repository'])) === 'true';
  return { ok: false, why: isShallow ? SHALLOW.replace('REMOTE', remote) : UNRELATED };
}

function refused(why: string): { ok: false; kind: 'refused'; why: string } {
  return { ok: false, kind: 'refused', why };
}

const NO_REPOSITORY =
  'The workbook is updated with git, and this folder is no clone of it. Clone the workbook, and copy your files from exercises/*/src into the clone.';

const NESTED =
  'The workbook lies inside of another git repository. It can be updated only where it has a repository of its own: clone it to another place, and copy your files from exercises/*/src there.';

const DETACHED =
  'You are on no branch (git calls it a detached HEAD): a commit made here would be hard to find again. Nothing was changed.\nGo back to your branch: `git switch main`. Or make one here: `git switch -c my-work`. Then run `npm run update` again.';

const UNMERGED =
  'Some files are in the middle of a conflict. Nothing was changed.\n`git status` names them; settle each, `git add` it, and run `npm run update` again.';

const NO_REMOTE =
  'This clone knows no place to get a newer workbook from: there is no remote called upstream or origin.\nAdd it: git remote add upstream ADDRESS (the address that you cloned from).';

const SHALLOW =
  'This clone has only a part of the history, too little to compare. Fetch the rest: git fetch --unshallow REMOTE. Then run `npm run update` again.';

const UNRELATED =
  'Your history and that of the workbook have nothing in common, so nobody can tell your changes from ours. Clone the workbook anew, and copy your files from exercises/*/src into the clone.';
