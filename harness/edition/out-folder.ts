import { existsSync, lstatSync, mkdirSync, readdirSync, realpathSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { readEditableBytes, sameFiles } from '../catalog/editable-bytes.ts';
import { EDITION_FILE, EDITION_SCHEMA, readEdition } from '../catalog/edition-file.ts';
import type { EditionFile } from '../catalog/edition-file.ts';
import { loadExercise } from '../catalog/load-exercise.ts';
import { quoted } from '../catalog/printable.ts';
import { failureOf, failureText, readFileBytes } from '../catalog/regular-file.ts';
import type { FileBytes } from '../catalog/regular-file.ts';
import { obstacle, removeFile, replaceFile } from '../catalog/written-file.ts';

/** `before`: the edition that lies there; null: nothing does. */
export type Opened =
  { ok: true; folder: string; before: EditionFile | null } | { ok: false; message: string };

/** Paths that were written, and those that were taken away. What was the same was not touched. */
export type Written = { written: string[]; removed: string[] };

/**
 * Looks whether an edition can be written to `path`: a folder that is new, empty but for `.git`, or an edition made before
 * in which nobody has worked. Changes nothing.
 */
export async function openOut(root: string, path: string): Promise<Opened> {
  const refused = (message: string): Opened => ({ ok: false, message });
  const folder = realPath(path);
  const home = realPath(root);
  if (isBelow(folder, home) || isBelow(home, folder))
    return refused(
      'The folder of --out lies in this workbook, or holds it. Name one beside it, such as ../class.',
    );
  let names: string[];
  try {
    if (!lstatSync(folder).isDirectory()) return refused('--out names a file. Name a folder.');
    names = readdirSync(folder).filter((name) => name !== '.git');
  } catch (error) {
    const failure = failureOf(error);
    if (failure.why === 'missing') return { ok: true, folder, before: null };
    return refused(`The folder of --out cannot be used. ${failureText(failure, 0)}`);
  }
  if (names.length === 0) return { ok: true, folder, before: null };
  const read = readEdition(folder);
  if (read.kind === 'damaged')
    return refused(`The edition in the folder of --out is damaged. ${read.message}`);
  if (read.kind === 'missing') {
    const some = names.slice(0, 3).map(quoted).join(', ');
    return refused(
      `The folder of --out is not empty, and no edition was made there: it holds ${some}. Name an empty or a new one.`,
    );
  }
  const worked = await workedOn(folder, read.edition);
  if (worked === null) return { ok: true, folder, before: read.edition };
  return refused(
    `Somebody has worked on ${worked} in the folder of --out. It is there to be handed out, and learners begin with the stub: run \`npm run reset ${worked}\` there (it keeps a copy), or name another folder.`,
  );
}

/** The first exercise whose files differ from its stub; null: none does. */
async function workedOn(folder: string, { exercises }: EditionFile): Promise<string | null> {
  for (const id of exercises) {
    const loaded = loadExercise(folder, id);
    if (!loaded.ok) continue;
    const { editable } = loaded.exercise;
    const own = await readEditableBytes(loaded.exercise.folder, editable);
    const stub = await readEditableBytes(join(folder, 'solutions', id, 'stub'), editable);
    if (own.ok && stub.ok && sameFiles(own.files, stub.files)) continue;
    return id;
  }
  return null;
}

/**
 * Writes an edition. Files that are the same stay untouched, and those that only the edition before had are taken away;
 * whatever else lies there stays. A run that is cut off can be repeated: `edition.json` comes first, and knows the files of
 * both. Throws what the system throws.
 */
export function writeEdition(
  folder: string,
  files: ReadonlyMap<string, FileBytes>,
  about: Omit<EditionFile, 'schema' | 'files'>,
  before: EditionFile | null,
): Written {
  mkdirSync(folder, { recursive: true });
  const own = [...files.keys(), EDITION_FILE].toSorted();
  const gone = (before?.files ?? []).filter((path) => !own.includes(path) && isPlain(path));
  const result: Written = { written: [], removed: [] };
  const write = (path: string, file: FileBytes): void => {
    const there = readFileBytes(join(folder, path), file.bytes.length);
    if (there.ok && there.bytes.equals(file.bytes)) return;
    const found = there.ok ? null : obstacle(folder, path);
    if (found !== null)
      throw new Error(`${found} in the folder of --out is in the way of ${path}; move it away`);
    if (there.ok || existsSync(join(folder, path))) replaceFile(join(folder, path), file);
    else writeFirst(join(folder, path), file);
    result.written.push(path);
  };
  const list = (paths: readonly string[]): FileBytes => {
    const edition: EditionFile = { ...about, schema: EDITION_SCHEMA, files: [...paths] };
    return { bytes: Buffer.from(`${JSON.stringify(edition, null, 2)}\n`), mode: 0o644 };
  };
  if (gone.length > 0 || before === null) write(EDITION_FILE, list([...own, ...gone].toSorted()));
  for (const [path, file] of files) write(path, file);
  for (const path of gone) {
    if (obstacle(folder, path) !== null || !existsSync(join(folder, path))) continue;
    removeFile(folder, path);
    result.removed.push(path);
  }
  write(EDITION_FILE, list(own));
  return { written: [...new Set(result.written)], removed: result.removed };
}

/** Where nothing is there yet, nothing can be lost: no file waits for the disk. */
function writeFirst(path: string, { bytes, mode }: FileBytes): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, bytes, { mode, flag: 'wx' });
}

/** edition.json lies where anybody may have edited it: nothing outside of the folder is ever taken away. */
function isPlain(path: string): boolean {
  return (
    path !== '' &&
    path.split('/').every((part) => !['', '.', '..', '.git'].includes(part) && !/[\\:]/.test(part))
  );
}

/** All files of an edition that lies on the disk, but those of git and of packages. */
export function filesOf(folder: string, prefix = ''): [path: string, bytes: Buffer][] {
  return readdirSync(join(folder, prefix), { withFileTypes: true }).flatMap((entry): [string, Buffer][] => {
    const path = prefix === '' ? entry.name : `${prefix}/${entry.name}`;
    if (path === '.git' || entry.name === 'node_modules') return [];
    if (entry.isDirectory()) return filesOf(folder, path);
    const read = entry.isFile() ? readFileBytes(join(folder, path), LARGEST_FILE) : null;
    return read?.ok === true ? [[path, read.bytes]] : [];
  });
}

const LARGEST_FILE = 256 * 1024 * 1024;

/** Without links, also where the end of the path is not there yet. */
function realPath(path: string): string {
  const whole = resolve(path);
  try {
    return realpathSync.native(whole);
  } catch {
    const parent = dirname(whole);
    return parent === whole ? whole : join(realPath(parent), relative(parent, whole));
  }
}

function isBelow(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}
