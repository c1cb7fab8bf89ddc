import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Exercise } from '../catalog/exercise.ts';
import { EDITION_FILE } from '../catalog/edition-file.ts';
import { describeProblem, loadExercise } from '../catalog/load-exercise.ts';
import { suiteDigest } from '../check/files.ts';
import { bundleSuites } from '../check/suite-text.ts';
import { Git } from '../update/git.ts';
import { assignmentsFor, isAssignment } from './assignments.ts';
import type { HeldBack } from './chosen.ts';
import { contentOf } from './content.ts';
import { leaksIn } from './leak.ts';
import type { Leak, Secrets } from './leak.ts';
import { filesOf, openOut, writeEdition } from './out-folder.ts';
import { mentionsOf } from './without-rules.ts';

export type EditionRequest = {
  /** The workbook's folder, absolute, and where the edition goes. */
  root: string;
  out: string;
  exercises: readonly Exercise[];
  held: HeldBack;
  env: Readonly<Record<string, string | undefined>>;
  /** The files of the workbook, for whoever knows them already; left out: what git knows. */
  known?: ReadonlySet<string>;
  /** Told what is being done. */
  onProgress?: (what: string) => void;
};

/** A line of the edition that names a rule which is held back: no machine can rewrite prose. */
export type Mention = { path: string; lines: number[] };

export type EditionMade = {
  /** Absolute. */
  folder: string;
  /** False: an edition that lay there was made anew. */
  fresh: boolean;
  files: number;
  written: string[];
  removed: string[];
  /** The commit of the workbook that it was made from. */
  commit: string | null;
  exercises: { id: string; title: string; suite: string; heldBack: { id: string; title: string }[] }[];
  mentions: Mention[];
  /** The same for walk-throughs, which are sealed: lines of files of the workbook. */
  sealedMentions: Mention[];
  /** Assignments that ask for none of these exercises, and are not in the edition. */
  otherAssignments: string[];
};

/**
 * `refused`: something that was asked for cannot be done, and nothing was written. `leaked`: a text that has to be sealed can be
 * read somewhere. `failed`: the edition that was written does not work, a bug of ours.
 */
export type MadeOrNot =
  | { kind: 'made'; edition: EditionMade }
  | { kind: 'refused' | 'failed'; message: string }
  | { kind: 'leaked'; leaks: Leak[] };

/**
 * Makes an edition, or makes one anew: under the same key, so that what is sealed and unchanged has the same bytes. All of it is
 * put together and searched in memory before anything is written, and once more where it lies.
 */
export async function makeEdition(request: EditionRequest): Promise<MadeOrNot> {
  const { root, out, exercises, held, onProgress = () => {} } = request;
  const known = await knownFiles(request);
  if (!known.ok) return { kind: 'refused', message: known.message };
  const assigned = assignmentsFor(root, known.files, exercises);
  if (!assigned.ok) return { kind: 'refused', message: assigned.message };
  const opened = await openOut(root, out);
  if (!opened.ok) return { kind: 'refused', message: opened.message };
  onProgress('putting it together');
  const key = opened.before === null ? randomBytes(32) : Buffer.from(opened.before.key, 'base64');
  const handedOut = new Set([...known.files].filter((path) => !assigned.others.includes(path)));
  const made = await contentOf({ root, known: handedOut, exercises, held, key });
  if (!made.ok) return { kind: 'refused', message: made.message };
  const { files, secrets, mentions } = made.content;
  onProgress('looking for leaks');
  const early = leaksIn(
    [...files].map(([path, { bytes }]) => [path, bytes] as const),
    secrets,
  );
  if (early.length > 0) return { kind: 'leaked', leaks: early };
  onProgress('writing');
  const about = {
    about: ABOUT,
    key: key.toString('base64'),
    exercises: exercises.map(({ id }) => id),
  };
  const done = writeEdition(opened.folder, files, about, opened.before);
  const leaks = leaksIn(filesOf(opened.folder), secrets);
  if (leaks.length > 0) return { kind: 'leaked', leaks };
  const broken = await firstBroken(opened.folder, exercises);
  if (broken !== null) return { kind: 'failed', message: broken };
  const edition: EditionMade = {
    folder: opened.folder,
    fresh: opened.before === null,
    files: files.size + 1,
    ...done,
    commit: known.commit,
    exercises: exercises.map(({ id, title, rules }) => ({
      id,
      title,
      suite: digestIn(opened.folder, id),
      heldBack: rules
        .filter((rule) => held.get(id)?.has(rule.id) === true)
        .map((rule) => ({ id: rule.id, title: rule.title })),
    })),
    mentions: [...files].flatMap(([path, { bytes }]) => mentionIn(path, bytes.toString('utf8'), held)),
    sealedMentions: mentions,
    otherAssignments: assigned.others,
  };
  return { kind: 'made', edition };
}

/** Searches an edition that lies in `folder` for what this workbook seals. */
export async function searchEdition(
  request: Pick<EditionRequest, 'root' | 'exercises' | 'env' | 'known'> & { folder: string },
): Promise<{ ok: true; leaks: Leak[]; files: number } | { ok: false; message: string }> {
  const { root, exercises, folder } = request;
  const known = await knownFiles(request);
  if (!known.ok) return known;
  const key = randomBytes(32);
  // They are no secret, and one with a mistake is no reason to search nothing.
  const files = new Set([...known.files].filter((path) => !isAssignment(path)));
  const made = await contentOf({ root, known: files, exercises, held: new Map(), key });
  if (!made.ok) return made;
  const secrets: Secrets = made.content.secrets;
  const there = filesOf(folder);
  return { ok: true, leaks: leaksIn(there, secrets), files: there.length };
}

type Known = { ok: true; files: ReadonlySet<string>; commit: string | null } | { ok: false; message: string };

/**
 * What git knows of the workbook: progress, packages, notes and rosters of whoever works in it are no part of it. Assignments
 * are for learners, and may be newer than the last commit.
 */
async function knownFiles({
  root,
  env,
  known,
}: Pick<EditionRequest, 'root' | 'env' | 'known'>): Promise<Known> {
  if (known !== undefined) return { ok: true, files: known, commit: null };
  const git = new Git(root, env);
  const listed = await git.run(['ls-files', '-z', '--cached']);
  if (listed.code !== 0) return { ok: false, message: `${NO_REPOSITORY}\ngit says: ${listed.err}` };
  const files = new Set(listed.out.toString('utf8').split('\0').filter(Boolean));
  for (const name of assignmentsIn(root)) files.add(`assignments/${name}`);
  return { ok: true, files, commit: await git.line(['rev-parse', '--quiet', '--verify', 'HEAD^{commit}']) };
}

function assignmentsIn(root: string): string[] {
  const folder = join(root, 'assignments');
  return existsSync(folder) ? readdirSync(folder).filter((name) => /^[^.].*\.ya?ml$/.test(name)) : [];
}

/** Why an exercise of the edition cannot be checked in it; null: all can. */
async function firstBroken(folder: string, exercises: readonly Exercise[]): Promise<string | null> {
  for (const { id } of exercises) {
    const loaded = loadExercise(folder, id);
    if (!loaded.ok) return describeProblem(loaded.problem);
    const bundled = await bundleSuites(loaded.exercise.suites);
    if (!bundled.ok) return `${id}: its suites do not fit together any more. ${bundled.why}`;
  }
  return null;
}

function digestIn(folder: string, id: string): string {
  const loaded = loadExercise(folder, id);
  return loaded.ok ? suiteDigest(loaded.exercise) : '';
}

function mentionIn(path: string, text: string, held: HeldBack): Mention[] {
  const id = /^exercises\/([^/]+)\/[^/]+\.(?:md|json)$/.exec(path)?.[1];
  const lines = mentionsOf(text, held.get(id ?? '') ?? new Set());
  return lines.length === 0 ? [] : [{ path, lines }];
}

const ABOUT = `This is an edition of the workbook for a class. Its hidden suites and solutions are sealed with the key below: a curtain, not a wall. It keeps them from being read by accident, by search engines and by assistants that read files; it keeps nobody out who wants to get in. See README.md.`;

const NO_REPOSITORY = `Only files that git knows are handed out, and here it knows none: clone the workbook with git, and make the edition there. (${EDITION_FILE} and everything else was left alone.)`;
