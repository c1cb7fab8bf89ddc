import { lstatSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { quoted } from '../catalog/printable.ts';
import type { Exercise } from '../catalog/exercise.ts';
import { addressOf, refProblem } from './git-address.ts';
import { takeArchive } from './intake-archive.ts';
import { overlaps, realPath, takeFolder } from './intake-folder.ts';
import { takeCommit } from './intake-git.ts';
import type { GitTaken } from './intake-git.ts';
import { gitFolderOf, isBare, repositoryProblem } from './repository-folder.ts';
import type { IntakeResult } from './intake.ts';

export type IntakeRequest = {
  /** As it was typed: a path or an address. */
  submission: string;
  /** The branch, tag or commit of a git submission; null: its HEAD. */
  ref: string | null;
  exercises: readonly Exercise[];
  /** The workbook that judges, absolute. */
  root: string;
  cwd: string;
  /** Where the mark goes, absolute. */
  out: string;
  env: Readonly<Record<string, string | undefined>>;
};

/** Takes the editable files of a submission into memory, whatever it was handed in as. */
export async function takeIn(request: IntakeRequest): Promise<IntakeResult> {
  const { submission, ref, exercises, env } = request;
  const problem = ref === null ? null : refProblem(ref);
  if (problem !== null) return refuse(problem);
  const address = addressOf(submission);
  switch (address.kind) {
    case 'wrong':
      return refuse(address.message);
    case 'remote':
      return fromGit(await takeCommit({ ...address, ref }, exercises, env), false);
    case 'path':
      return await readable(takePath(request));
  }
}

/** What the system refuses to open is for whoever named it to put right. */
async function readable(taking: Promise<IntakeResult>): Promise<IntakeResult> {
  try {
    return await taking;
  } catch (error) {
    if (!(error instanceof Error && 'syscall' in error)) throw error;
    return refuse(`The submission cannot be read (${error.message}). Look who may read it.`);
  }
}

async function takePath({
  submission,
  ref,
  exercises,
  root,
  cwd,
  out,
  env,
}: IntakeRequest): Promise<IntakeResult> {
  const path = realPath(resolve(cwd, submission));
  if (path === null) return refuse(`There is no ${quoted(submission)}. ${WHAT}`);
  if (!lstatSync(path).isDirectory()) {
    if (ref !== null) return refuse('--ref goes with a git repository, and the submission is a file.');
    const taken = await takeArchive(path, exercises);
    if (taken === null) return refuse(WHAT);
    return { ok: true, intake: { kind: 'archive', commit: null, committedAt: null, own: false, taken } };
  }
  const own = overlaps(path, realPath(root) ?? root);
  if (!own && overlaps(path, nearestRealPath(out))) return refuse(OUT_INSIDE);
  if (ref === null && !isBare(path)) {
    return {
      ok: true,
      intake: {
        kind: 'folder',
        commit: null,
        committedAt: null,
        own,
        taken: await takeFolder(path, exercises),
      },
    };
  }
  const gitFolder = gitFolderOf(path);
  if (gitFolder === null)
    return refuse(`--ref goes with a git repository, and ${quoted(submission)} is none.`);
  const problem = repositoryProblem(gitFolder);
  if (problem !== null) return refuse(`${quoted(submission)} is not fetched from. ${problem}`);
  return fromGit(await takeCommit({ url: gitFolder, protocol: 'file', ref }, exercises, env), own);
}

function fromGit(result: GitTaken, own: boolean): IntakeResult {
  if (!result.ok) return result;
  const { commit, committedAt, taken } = result;
  return { ok: true, intake: { kind: 'git', commit, committedAt, own, taken } };
}

/** A path that need not be there yet, with the links of its folders followed. */
function nearestRealPath(path: string): string {
  const real = realPath(path);
  const parent = dirname(path);
  if (real !== null || parent === path) return real ?? path;
  return join(nearestRealPath(parent), basename(path));
}

function refuse(message: string): IntakeResult {
  return { ok: false, message };
}

const WHAT =
  '--submission takes a folder, a .zip, .tgz or .tar.gz, a local git repository, or an address that begins with https:// or ssh://.';
const OUT_INSIDE = 'The folder of --out and the submission lie in each other. Put the mark somewhere else.';
