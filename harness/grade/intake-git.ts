import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Exercise } from '../catalog/exercise.ts';
import { atExit } from '../subject/exit.ts';
import { neutralise } from '../verdict/neutralise.ts';
import { BadArchive } from './bad-archive.ts';
import { ENTRY_LIMITS, takeEntries, TOO_MANY_ENTRIES } from './entries.ts';
import type { Entries, Entry, EntryKind, EntryRead } from './entries.ts';
import { unreadable } from './intake.ts';
import type { Taken } from './intake.ts';
import { GIT_LIMITS, StrangersGit } from './strangers-git.ts';
import type { GitAnswer, GitLimits, GitProtocol } from './strangers-git.ts';

export type GitSource = {
  /** An address, or the absolute path of a repository. */
  url: string;
  protocol: Exclude<GitProtocol, 'none'>;
  /** A branch, a tag or a whole commit hash; null: what HEAD names there. */
  ref: string | null;
};

/** `message`: why nothing was fetched: the network, a name, a password. Not the learner's fault, or not for sure. */
export type GitTaken =
  | { ok: true; commit: string | null; committedAt: number | null; taken: Taken[] }
  | { ok: false; message: string };

/**
 * Takes the editable files out of one commit. Only that commit is fetched, into a bare repository of ours that is gone
 * afterwards, and the files are read out of git's object store: nothing is checked out.
 */
export async function takeCommit(
  source: GitSource,
  exercises: readonly Exercise[],
  env: Readonly<Record<string, string | undefined>>,
  limits: GitLimits = GIT_LIMITS,
): Promise<GitTaken> {
  const folder = mkdtempSync(join(realpathSync.native(tmpdir()), 'workbook-grade-'));
  const remove = (): void => rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  const forget = atExit(remove);
  try {
    const git = new StrangersGit(folder, env, limits);
    const begun = await git.run(['init', '--quiet', '--bare', '--template=', '--', git.repository]);
    if (!begun.ok) return notFetched(begun.message);
    const fetched = await git.run([...inRepository(git), ...fetchArgs(source)], source.protocol);
    if (!fetched.ok && fetched.why === 'much') {
      return { ok: true, commit: null, committedAt: null, taken: unreadable(exercises, fetched.message) };
    }
    if (!fetched.ok) return notFetched(fetched.message);
    const named = await git.run([
      ...inRepository(git),
      'rev-parse',
      '--verify',
      '--quiet',
      `${FETCHED}^{commit}`,
    ]);
    if (!named.ok) return notFetched('The name leads to no commit.');
    const commit = named.out.toString('latin1').trim();
    const committedAt = await dateOf(git, commit);
    try {
      const entries = await entriesOf(git, commit);
      return { ok: true, commit, committedAt, taken: await takeEntries(entries, exercises) };
    } catch (error) {
      if (!(error instanceof BadArchive)) throw error;
      return { ok: true, commit, committedAt, taken: unreadable(exercises, error.message) };
    }
  } finally {
    remove();
    forget();
  }
}

/** What a name leads to in a repository, without fetching anything. `empty`: there is no commit yet. */
export type GitHead = { kind: 'commit'; commit: string } | { kind: 'empty' } | { kind: 'unknown' };

/** Asks a repository for the commit of `ref`, or of HEAD. Whatever goes wrong, `takeCommit` says better. */
export async function headOf(
  { url, protocol, ref }: GitSource,
  env: Readonly<Record<string, string | undefined>>,
  limits: GitLimits = GIT_LIMITS,
): Promise<GitHead> {
  const folder = mkdtempSync(join(realpathSync.native(tmpdir()), 'workbook-grade-'));
  const remove = (): void => rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  const forget = atExit(remove);
  try {
    const git = new StrangersGit(folder, env, limits);
    const listed = await git.run(['ls-remote', '--', url, ref ?? 'HEAD'], protocol);
    if (!listed.ok) return { kind: 'unknown' };
    const [first, ...others] = listed.out.toString('latin1').trim().split('\n');
    if (first === '' && ref === null) return { kind: 'empty' };
    const [commit = '', name = ''] = (first ?? '').split('\t');
    // Of several names that end alike, git knows which one is meant.
    const isPlain = /^[0-9a-f]{40,64}$/.test(commit) && name !== '' && others.length === 0;
    return isPlain ? { kind: 'commit', commit } : { kind: 'unknown' };
  } finally {
    remove();
    forget();
  }
}

/** The name that a fetched commit gets in our repository. */
const FETCHED = 'refs/grade/submission';

function inRepository(git: StrangersGit): string[] {
  return [`--git-dir=${git.repository}`];
}

function fetchArgs({ url, ref }: GitSource): string[] {
  return [
    'fetch',
    '--quiet',
    '--depth=1',
    '--no-tags',
    '--no-recurse-submodules',
    '--no-auto-maintenance',
    '--no-write-fetch-head',
    '--',
    url,
    `+${ref ?? 'HEAD'}:${FETCHED}`,
  ];
}

/**
 * When the commit says that it was made, in milliseconds since 1970; null: it says nothing that is a date. It is read from the
 * object itself: a command that shows commits would unfold trees as well, and a tree can be a bomb.
 */
async function dateOf(git: StrangersGit, commit: string): Promise<number | null> {
  const read = await git.run([...inRepository(git), 'cat-file', 'commit', commit]);
  if (!read.ok) return null;
  const end = read.out.indexOf('\n\n');
  const header = read.out.subarray(0, end === -1 ? undefined : end).toString('latin1');
  const [, seconds = ''] = /^committer [^\n]*> (\d{1,12}) [+-]\d{4}$/m.exec(header) ?? [];
  // Beyond the year 9999 no date is meant.
  return seconds === '' || Number(seconds) >= 253_402_300_800 ? null : Number(seconds) * 1_000;
}

async function entriesOf(git: StrangersGit, commit: string): Promise<Entries> {
  const tree = await must(git.run([...inRepository(git), 'ls-tree', '-r', '-z', '--full-tree', commit]));
  const list: Entry[] = [];
  const blobs: string[] = [];
  for (const line of lines(tree)) {
    // `100644 blob 1f2e…<tab>path`
    const tab = line.indexOf(0x09);
    const [mode = '', , oid = ''] = line.subarray(0, tab).toString('latin1').split(' ');
    list.push({ path: line.subarray(tab + 1).toString('utf8'), kind: kindOf(mode) });
    blobs.push(oid);
    if (list.length > ENTRY_LIMITS.entries) throw new BadArchive(TOO_MANY_ENTRIES);
  }
  return {
    list,
    read: async (places, most) =>
      await readBlobs(
        git,
        places.map((place) => [place, blobs[place] ?? '']),
        most,
      ),
  };
}

function* lines(bytes: Buffer): Generator<Buffer> {
  for (let at = 0; at < bytes.length;) {
    const end = bytes.indexOf(0, at);
    if (end === -1) return;
    yield bytes.subarray(at, end);
    at = end + 1;
  }
}

/** Sizes are asked for first: a large blob is never read. */
async function readBlobs(
  git: StrangersGit,
  wanted: readonly (readonly [place: number, oid: string])[],
  most: number,
): Promise<Map<number, EntryRead>> {
  const read = new Map<number, EntryRead>();
  const oids = [...new Set(wanted.map(([, oid]) => oid))];
  const batch = async (format: string, names: readonly string[]): Promise<Buffer> =>
    await must(git.run([...inRepository(git), 'cat-file', format], 'none', `${names.join('\n')}\n`));
  const sizes = new Map<string, number>();
  for (const line of (await batch('--batch-check', oids)).toString('latin1').split('\n')) {
    const [oid = '', type, size] = line.split(' ');
    if (type === 'blob') sizes.set(oid, Number(size));
  }
  const small = oids.filter((oid) => (sizes.get(oid) ?? Infinity) <= most);
  const contents = new Map<string, Buffer>();
  const all = small.length === 0 ? Buffer.alloc(0) : await batch('--batch', small);
  let at = 0;
  for (const oid of small) {
    const start = all.indexOf(0x0a, at) + 1;
    const size = sizes.get(oid) ?? 0;
    contents.set(oid, all.subarray(start, start + size));
    at = start + size + 1;
  }
  for (const [place, oid] of wanted) {
    const bytes = contents.get(oid);
    if (bytes !== undefined) read.set(place, { ok: true, bytes });
    else read.set(place, { ok: false, why: sizes.has(oid) ? 'too-large' : 'damaged' });
  }
  return read;
}

/** What git cannot do with a commit that it has is the commit's fault. */
async function must(answer: Promise<GitAnswer>): Promise<Buffer> {
  const given = await answer;
  if (given.ok) return given.out;
  throw new BadArchive(
    given.why === 'failed' ? `git cannot read the commit (${words(given.message)}).` : given.message,
  );
}

function kindOf(mode: string): EntryKind {
  if (mode === '120000') return 'link';
  if (mode === '160000') return 'submodule';
  return mode.startsWith('100') ? 'file' : 'special';
}

function notFetched(message: string): GitTaken {
  return { ok: false, message: `The submission could not be fetched: ${words(message)}\n${NEXT}` };
}

/** git passes on what the other side says. */
function words(text: string): string {
  return neutralise(text, { maxLines: 6, maxChars: 600 });
}

const NEXT =
  'Look whether the address and --ref are right, and whether you may read it without being asked for a password.';
