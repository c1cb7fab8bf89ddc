import { editableFailure } from '../catalog/editable-problem.ts';
import { EDITABLE_LIMITS } from '../catalog/editable.ts';
import type { SkippedFile } from '../catalog/editable.ts';
import { wantedBy, withoutCollisions } from '../catalog/editable-walk.ts';
import type { Exercise } from '../catalog/exercise.ts';
import { nameProblem } from '../catalog/file-name.ts';
import { printable } from '../catalog/printable.ts';
import { decodeUtf8 } from '../catalog/regular-file.ts';
import { missingText } from './intake.ts';
import type { Layout, Taken } from './intake.ts';

export type EntryKind = 'file' | 'folder' | 'link' | 'hard-link' | 'special' | 'encrypted' | 'submodule';

/** One name of an archive or of a commit, as it stands there. */
export type Entry = { path: string; kind: EntryKind };

export type EntryRead = { ok: true; bytes: Buffer } | { ok: false; why: 'too-large' | 'damaged' };

/** Files that lie in no folder of this machine: those of an archive or of a commit. */
export type Entries = {
  list: readonly Entry[];
  /** The contents of entries by their place in `list`. Of none is more than `most` bytes kept. Throws when all is lost. */
  read: (places: readonly number[], most: number) => Promise<ReadonlyMap<number, EntryRead>>;
};

/** What an intake may hold at most, whatever of it is wanted. */
export const ENTRY_LIMITS = {
  /** A copy of the workbook with its installed packages has about six thousand. */
  entries: 50_000,
  /** Of one path, in UTF-16 units. */
  path: 1_000,
} as const;

export const TOO_MANY_ENTRIES = `There are more than ${ENTRY_LIMITS.entries} names in it. Leave node_modules out.`;

const LIMITS = EDITABLE_LIMITS;

/**
 * Takes the editable files out of entries, by the rules by which they are taken out of a folder: what is no ordinary file,
 * or has a name that means something else elsewhere, is refused and said.
 */
export async function takeEntries(entries: Entries, exercises: readonly Exercise[]): Promise<Taken[]> {
  const { named, refused } = namesOf(entries.list);
  const place = placeOf(named, exercises);
  const plans = exercises.map((exercise) => planOf(named, exercise, place, refused));
  const wanted = plans.flatMap((plan) => (plan.ok ? plan.files.map(({ index }) => index) : []));
  const read =
    wanted.length === 0 ? new Map<number, EntryRead>() : await entries.read(wanted, LIMITS.fileBytes);
  return plans.map((plan) => takenOf(plan, read));
}

type Named = { path: string; kind: EntryKind; index: number };

/** Paths without `./` at the start and `/` at the end. Those that lead out of the archive, or nowhere, are refused. */
function namesOf(list: readonly Entry[]): { named: Named[]; refused: SkippedFile[] } {
  const named: Named[] = [];
  const refused: SkippedFile[] = [];
  for (const [index, { path: typed, kind }] of list.entries()) {
    const path = typed.replace(/^(?:\.\/)+/, '').replace(/\/+$/, '');
    if (path === '' || path === '.') continue;
    const why = pathProblem(path);
    if (why === null) named.push({ path, kind, index });
    else refused.push({ path: printable(path.slice(0, 200)), why });
  }
  return { named, refused };
}

function pathProblem(path: string): string | null {
  if (path.length > ENTRY_LIMITS.path) return `Its name is longer than ${ENTRY_LIMITS.path} characters.`;
  if (/^[\\/]|^[A-Za-z]:/.test(path)) return 'Its name begins at the root of a disk.';
  const segments = path.split(/[\\/]/);
  if (segments.includes('..')) return 'Its name leads out of the submission.';
  if (segments.includes('') || segments.includes('.')) return 'Its name has an empty folder in it.';
  return null;
}

type Place = { top: string; layout: Layout };

/**
 * Where the exercises lie. Many programs that pack a folder put its name in front of all others, and macOS adds a folder of
 * its own beside it.
 */
function placeOf(named: readonly Named[], exercises: readonly Exercise[]): Place {
  const paths = named
    .map(({ path }) => path)
    .filter((path) => !path.startsWith('__MACOSX/') && path !== '__MACOSX');
  const tops = new Set(paths.map((path) => path.split('/', 1)[0] ?? ''));
  const [only] = tops;
  const places = ['', ...(tops.size === 1 && only !== undefined ? [`${only}/`] : [])];
  for (const top of places) {
    if (paths.some((path) => path.startsWith(`${top}exercises/`))) return { top, layout: 'workbook' };
  }
  const [exercise] = exercises;
  if (exercises.length === 1 && exercise !== undefined) {
    const wanted = wantedBy(exercise.editable);
    for (const top of places) {
      if (paths.some((path) => path.startsWith(top) && wanted.file(path.slice(top.length)))) {
        return { top, layout: 'exercise' };
      }
    }
  }
  return { top: '', layout: 'workbook' };
}

type Plan = { exercise: Exercise; refused: SkippedFile[] } & (
  { ok: true; files: { path: string; index: number }[] } | { ok: false; message: string }
);

/** Which entries are files of this exercise. `strays`: refused whatever exercise they were meant for. */
function planOf(
  named: readonly Named[],
  exercise: Exercise,
  { top, layout }: Place,
  strays: readonly SkippedFile[],
): Plan {
  const base = layout === 'workbook' ? `${top}exercises/${exercise.id}/` : top;
  const wanted = wantedBy(exercise.editable);
  const refused: SkippedFile[] = [...strays];
  const files = new Map<string, number>();
  const twice = new Set<string>();
  const fail = (kind: Parameters<typeof editableFailure>[0], path: string | null): Plan => ({
    exercise,
    refused,
    ok: false,
    message: editableFailure(kind, path, LIMITS).problem.message,
  });
  let there = false;
  for (const { path: whole, kind, index } of named) {
    if (!whole.startsWith(base)) continue;
    there = true;
    const path = whole.slice(base.length);
    const segments = path.split('/');
    const folders = segments.slice(0, -1).map((_, depth) => segments.slice(0, depth + 1).join('/'));
    if (!folders.every((folder) => wanted.folder(folder))) continue;
    // A link may stand for a file or for a folder; either would be missed.
    const isLink = kind === 'link' || kind === 'submodule';
    if (kind === 'folder' || !(wanted.file(path) || (isLink && wanted.folder(path)))) continue;
    const why = segments.map(nameProblem).find((problem) => problem !== null) ?? KINDS[kind];
    if (why !== null) refused.push({ path: printable(path), why });
    else if (segments.length > LIMITS.depth) return fail('too-deep', path);
    else if (files.has(path)) twice.add(path);
    else files.set(path, index);
    if (files.size > LIMITS.files) return fail('too-many-files', null);
  }
  if (!there) return { exercise, refused, ok: false, message: missingText(exercise.id) };
  for (const path of twice) {
    files.delete(path);
    refused.push({
      path: printable(path),
      why: 'It is there twice, so which of them counts cannot be told.',
    });
  }
  const alone = withoutCollisions([...files.keys()], refused);
  return {
    exercise,
    refused,
    ok: true,
    files: alone.map((path) => ({ path, index: files.get(path) as number })),
  };
}

/** Why an entry of this kind is not taken; null: it is. */
const KINDS: Record<EntryKind, string | null> = {
  file: null,
  folder: null,
  link: 'It is a link, and links are not followed. Put the file itself there.',
  'hard-link': 'It is a second name of another file (a hard link). Put the file itself there.',
  special: 'It is not an ordinary file but a pipe, a socket or a device.',
  encrypted: 'It is encrypted. Pack it without a password.',
  submodule: 'It is a submodule, and submodules are not fetched. Put the files themselves there.',
};

function takenOf(plan: Plan, read: ReadonlyMap<number, EntryRead>): Taken {
  const { exercise } = plan;
  const refused = [...plan.refused];
  const failed = (message: string): Taken => ({ exercise, refused, sources: { ok: false, message } });
  const failure = (kind: Parameters<typeof editableFailure>[0], path: string | null): Taken =>
    failed(editableFailure(kind, path, LIMITS).problem.message);
  if (!plan.ok) return failed(plan.message);
  const files = new Map<string, string>();
  let total = 0;
  for (const { path, index } of plan.files) {
    const content = read.get(index) ?? { ok: false as const, why: 'damaged' as const };
    if (!content.ok) {
      if (content.why === 'too-large') return failure('file-too-large', path);
      refused.push({ path: printable(path), why: 'It cannot be unpacked: the archive is damaged there.' });
      continue;
    }
    total += content.bytes.length;
    if (total > LIMITS.totalBytes) return failure('too-large', null);
    const text = decodeUtf8(content.bytes);
    if (text === null) return failure('not-utf8', path);
    if (text.startsWith(LFS_POINTER)) {
      refused.push({ path: printable(path), why: LFS });
      continue;
    }
    files.set(path, text);
  }
  return { exercise, refused, sources: { ok: true, files } };
}

const LFS_POINTER = 'version https://git-lfs.github.com/spec/';
const LFS = 'It is kept in Git LFS, which is not fetched. Commit the file itself.';
