import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { atExit } from '../subject/exit.ts';
import { changedPaths, changesBetween } from './changes.ts';
import type { Changes } from './changes.ts';
import { decide } from './decision.ts';
import type { Decision, Entry, Facts } from './decision.ts';
import { Git, GitFailure } from './git.ts';
import { ownership } from './owner.ts';
import { commonCommit, fetchSource, findSource, standing } from './repository.ts';
import type { Source } from './repository.ts';
import { indexInfo, treeOf, treeOfIndex } from './tree.ts';
import { Aside, clear, hasMore, obstacle, worksOf } from './worktree.ts';

export type UpdateRequest = {
  /** The workbook's folder, absolute. */
  root: string;
  env: Readonly<Record<string, string | undefined>>;
  remote: string | null;
  branch: string | null;
  /** Only say what would change. The remote is asked all the same. */
  dryRun: boolean;
  /** Milliseconds since 1970; names the folder of what is set aside. */
  now: number;
  onProgress: (what: string) => void;
};

/** What came of it. `why` is for the learner, and ends with what to do next where there is something to do. */
export type Updated =
  | { kind: 'refused' | 'unreachable' | 'failed'; why: string }
  | { kind: 'current'; source: Source }
  | ({ kind: 'planned' | 'updated' } & Report);

export type Report = {
  source: Source;
  /** Commits: the workbook that the learner had, the newer one, and where the learner's branch stands now. */
  from: string;
  to: string;
  head: string;
  /** How many commits are new. */
  commits: number;
  /** The learner had commits of their own, so a merge commit joins both. */
  merged: boolean;
  changes: Changes;
  /** Learner's files that stayed although the newer workbook has others. */
  kept: string[];
  /** What of the learner's stood where something of the workbook goes, and the folder that it is in now. */
  aside: { paths: string[]; place: string };
};

/**
 * Brings the newer workbook. The result is a commit: the newer one itself where the learner has none, else a merge of
 * both. It is made without git merge: what happens to each path is decided first (see decision.ts), then everything is
 * written, and the branch moves last. A run that is cut off is repeated from where it was.
 */
export async function update(request: UpdateRequest): Promise<Updated> {
  try {
    return await attempt(request, new Git(request.root, request.env));
  } catch (error) {
    // The disk and git can fail in many ways; each says its own. Anything else is a bug.
    if (error instanceof GitFailure || isSystemError(error)) {
      return { kind: 'failed', why: `${error.message}\n${AGAIN}` };
    }
    throw error;
  }
}

async function attempt(request: UpdateRequest, git: Git): Promise<Updated> {
  const { root } = request;
  const here = await standing(git, root);
  if (!here.ok) return { kind: 'refused', why: here.why };
  const sought = await findSource(git, request);
  if (sought.kind === 'unreachable') return { kind: 'unreachable', why: `${sought.why}\n${OFFLINE}` };
  if (sought.kind === 'refused') return sought;
  const { source } = sought;
  request.onProgress(`fetching ${source.remote}/${source.branch}`);
  const fetched = await fetchSource(git, source);
  if (!fetched.ok) return { kind: 'unreachable', why: `${fetched.why}\n${OFFLINE}` };
  const common = await commonCommit(git, here.head, fetched.commit, source);
  if (!common.ok) return { kind: 'refused', why: common.why };
  if (common.base === fetched.commit) return { kind: 'current', source };
  request.onProgress('comparing');
  const plan = await planUpdate(git, root, here.head, common.base, fetched.commit);
  const blocked = obstacle(root, plan.decisions);
  if (blocked !== null) return { kind: 'refused', why: BLOCKED.replace('PATH', blocked) };
  const aside = new Aside(root, request.now);
  const report = {
    source,
    from: common.base,
    to: fetched.commit,
    commits: Number((await git.line(['rev-list', '--count', `${here.head}..${fetched.commit}`])) ?? 0),
    merged: common.base !== here.head,
    changes: plan.changes,
    kept: plan.decisions.filter(({ kept }) => kept).map(({ path }) => path),
  };
  if (request.dryRun) {
    const paths = plan.decisions.filter(setsAside).map(({ path }) => path);
    return {
      ...report,
      kind: 'planned',
      head: here.head,
      aside: { paths: [...paths, ...plan.leaving], place: aside.place },
    };
  }
  request.onProgress('writing');
  const commit = report.merged
    ? await mergeCommit(git, plan, [here.head, fetched.commit], source)
    : fetched.commit;
  await writePlan(git, root, plan, aside);
  // Fails when the branch has moved meanwhile; then the next run starts from there.
  await git.must(['update-ref', '-m', 'npm run update', 'HEAD', commit, here.head]);
  return { ...report, kind: 'updated', head: commit, aside: { paths: aside.moved, place: aside.place } };
}

type Plan = {
  decisions: Decision[];
  /** Folders of exercises that are gone, and those of them with files of the learner's. */
  gone: string[];
  leaving: string[];
  changes: Changes;
};

async function planUpdate(
  git: Git,
  root: string,
  headCommit: string,
  baseCommit: string,
  theirCommit: string,
): Promise<Plan> {
  const [base, theirs, head, index] = await Promise.all([
    treeOf(git, baseCommit),
    treeOf(git, theirCommit),
    treeOf(git, headCommit),
    treeOfIndex(git),
  ]);
  const { gone, ownerOf } = await ownership(git, base, theirs);
  const own = [...head.keys(), ...index.keys()].filter((path) => ownerOf(path) === 'gone');
  const paths = [...new Set([...changedPaths(base, theirs), ...own])];
  const works = await worksOf(git, root, paths);
  const decisions = paths.map((path) => {
    const facts: Facts = {
      path,
      base: base.get(path) ?? null,
      theirs: theirs.get(path) ?? null,
      head: head.get(path) ?? null,
      index: index.get(path) ?? null,
      work: works.get(path) ?? { kind: 'missing' },
      owner: ownerOf(path),
    };
    return decide(facts);
  });
  const leaving = gone.filter((folder) => hasMore(root, folder, decisions));
  return { decisions, gone, leaving, changes: await changesBetween(git, base, theirs) };
}

function setsAside({ work, staged }: Decision): boolean {
  return work === 'replace' || work === 'aside' || staged !== null;
}

/** Joins the learner's history and the newer workbook. Written to the store of git only; no branch knows it yet. */
async function mergeCommit(
  git: Git,
  { decisions }: Plan,
  parents: readonly [head: string, theirs: string],
  { remote, branch }: Source,
): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'workbook-update-'));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  const forget = atExit(remove);
  try {
    // An index of its own: the learner's is not touched before all is decided.
    const index = join(folder, 'index');
    await git.must(['read-tree', parents[0]], { index });
    const entries = decisions.flatMap(({ path, commit }): [string, Entry][] =>
      commit === 'keep' ? [] : [[path, commit]],
    );
    await git.must(['update-index', '-z', '--index-info'], { index, input: indexInfo(entries) });
    const tree = (await git.must(['write-tree'], { index })).toString('utf8').trim();
    const message = `Update the workbook from ${remote}/${branch}\n`;
    const args = ['commit-tree', tree, ...parents.flatMap((parent) => ['-p', parent])];
    const made = await git.must([...(await identity(git)), ...args], { input: message });
    return made.toString('utf8').trim();
  } finally {
    forget();
    remove();
  }
}

/** Whoever never told git their name still gets an update. */
async function identity(git: Git): Promise<string[]> {
  if ((await git.line(['var', 'GIT_COMMITTER_IDENT'])) !== null) return [];
  return ['-c', 'user.name=npm run update', '-c', 'user.email=update@workbook.invalid'];
}

/** Changes the folder and the index. What is the learner's is moved first. */
async function writePlan(git: Git, root: string, { decisions, gone }: Plan, aside: Aside): Promise<void> {
  const staged = await git.blobs(decisions.flatMap((each) => each.staged ?? []));
  for (const each of decisions) {
    const content = each.staged === null ? undefined : staged.get(each.staged);
    if (content !== undefined) aside.write(each.path, content);
  }
  clear(root, decisions, gone, aside);
  const entries = decisions.flatMap(({ path, index }): [string, Entry][] =>
    index === 'keep' ? [] : [[path, index]],
  );
  await git.must(['update-index', '-z', '--index-info'], { input: indexInfo(entries) });
  const written = decisions.filter(({ work }) => work === 'write' || work === 'replace');
  const paths = written.map(({ path }) => `${path}\0`).join('');
  await git.must(['checkout-index', '--force', '--index', '-z', '--stdin'], { input: paths });
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error;
}

const AGAIN =
  'What was written so far can stay: run `npm run update` again when the cause is gone. Nothing of yours was removed.';

const OFFLINE =
  'Nothing was changed. Are you online? Run `npm run update` again when you are; everything else works without a network.';

const BLOCKED =
  'PATH is a link or a file of yours, and the newer workbook needs a folder there. Nothing was changed.\nMove it away, and run `npm run update` again.';
