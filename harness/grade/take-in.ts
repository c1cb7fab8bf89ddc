import { lstatSync } from 'node:fs';
import { resolve } from 'node:path';
import { quoted } from '../catalog/printable.ts';
import type { Exercise } from '../catalog/exercise.ts';
import { takeArchive } from './intake-archive.ts';
import { overlaps, realPath, takeFolder } from './intake-folder.ts';
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
  const { submission, exercises, root, cwd, out } = request;
  const path = realPath(resolve(cwd, submission));
  if (path === null) return refuse(`There is no ${quoted(submission)}. ${WHAT}`);
  const own = overlaps(path, realPath(root) ?? root);
  if (!lstatSync(path).isDirectory()) {
    const taken = await takeArchive(path, exercises);
    if (taken === null) return refuse(WHAT);
    return { ok: true, intake: { kind: 'archive', commit: null, own: false, taken } };
  }
  if (!own && overlaps(path, realPath(out) ?? out)) return refuse(OUT_INSIDE);
  const taken = await takeFolder(path, exercises);
  return { ok: true, intake: { kind: 'folder', commit: null, own, taken } };
}

function refuse(message: string): IntakeResult {
  return { ok: false, message };
}

const WHAT =
  '--submission takes a folder, a .zip, .tgz or .tar.gz, a local git repository, or an address that begins with https:// or ssh://.';
const OUT_INSIDE = 'The folder of --out and the submission lie in each other. Put the mark somewhere else.';
