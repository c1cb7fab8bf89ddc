import type { Dirent } from 'node:fs';
import { opendir } from 'node:fs/promises';
import { join } from 'node:path';
import picomatch from 'picomatch';
import { editableFailure, unreadableFailure } from './editable-problem.ts';
import type { EditableFailure, EditableLimits } from './editable-problem.ts';
import { collisionKey, nameProblem } from './file-name.ts';
import { printable, quoted } from './printable.ts';
import { failureOf } from './regular-file.ts';

/** A file or folder that was left out. `path` is relative to the folder and printable, `why` a sentence. */
export type SkippedFile = { path: string; why: string };

export type FoundFiles = { ok: true; paths: string[]; skipped: SkippedFile[] } | EditableFailure;

/**
 * The paths below `folder` that `globs` name, relative, with forward slashes, sorted. It reads names only: what a path
 * leads to has to be checked again when it is opened.
 */
export async function findFiles(
  folder: string,
  globs: readonly string[],
  limits: EditableLimits,
): Promise<FoundFiles> {
  const wanted = wantedBy(globs);
  const paths: string[] = [];
  const skipped: SkippedFile[] = [];
  const folders = [''];
  let names = 0;

  for (let parent = folders.shift(); parent !== undefined; parent = folders.shift()) {
    const listed = await listFolder(join(folder, parent), limits.names - names);
    if (!listed.ok) {
      const failure = failureOf(listed.error);
      const path = parent === '' ? null : parent;
      if (path === null && failure.why === 'missing') return editableFailure('missing', null, limits);
      if (failure.why !== 'missing') return unreadableFailure(path, failure);
      continue;
    }
    names += listed.entries.length;
    if (names > limits.names) return editableFailure('too-many-names', null, limits);

    for (const entry of listed.entries) {
      const path = parent === '' ? entry.name : `${parent}/${entry.name}`;
      const asFile = wanted.file(path);
      const asFolder = wanted.folder(path);
      const leaf = !entry.isDirectory();
      // A link may stand for a file or for a folder; either would be missed.
      if (entry.isSymbolicLink() ? !asFile && !asFolder : leaf ? !asFile : !asFolder) continue;

      const why = nameProblem(entry.name) ?? kindProblem(entry);
      if (why !== null) {
        skipped.push({ path: printable(path), why });
      } else if (path.split('/').length > limits.depth) {
        return editableFailure('too-deep', path, limits);
      } else if (leaf) {
        paths.push(path);
        if (paths.length > limits.files) return editableFailure('too-many-files', null, limits);
      } else {
        folders.push(path);
      }
    }
  }
  return { ok: true, paths: withoutCollisions(paths, skipped), skipped };
}

/** The entries, sorted by name; never more than one over `most`. */
async function listFolder(
  path: string,
  most: number,
): Promise<{ ok: true; entries: Dirent[] } | { ok: false; error: unknown }> {
  const entries: Dirent[] = [];
  try {
    for await (const entry of await opendir(path)) {
      entries.push(entry);
      if (entries.length > most) break;
    }
  } catch (error) {
    return { ok: false, error };
  }
  return { ok: true, entries: entries.toSorted((a, b) => (a.name < b.name ? -1 : 1)) };
}

function kindProblem(entry: Dirent): string | null {
  if (entry.isFile() || entry.isDirectory()) return null;
  if (entry.isSymbolicLink()) return 'It is a link, and links are not followed. Put the file itself there.';
  return 'It is not an ordinary file but a pipe, a socket or a device.';
}

/** What a set of globs names. Paths are relative, with forward slashes. */
export type Wanted = {
  /** Does a glob name this file? */
  file(path: string): boolean;
  /** May a file below this folder be named by a glob? */
  folder(path: string): boolean;
};

export function wantedBy(globs: readonly string[]): Wanted {
  const matches = picomatch([...globs], { windows: false });
  // `src/**/*.ts` → `src`; a glob without any wildcard is its own base.
  const bases = globs.map((glob) => {
    const { base, isGlob } = picomatch.scan(glob);
    return { base, isGlob };
  });
  return {
    // A line break in a name must not hide the file from the globs: it is to be named as a problem.
    file: (path) => matches(path.replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, '_')),
    folder: (path) => {
      const name = path.slice(path.lastIndexOf('/') + 1);
      if (name.toLowerCase() === 'node_modules' || name.toLowerCase() === '.git') return false;
      return bases.some(({ base, isGlob }) => {
        const onTheWay = base.startsWith(`${path}/`) || (isGlob && base === path);
        if (name.startsWith('.')) return onTheWay;
        return onTheWay || (isGlob && (base === '' || path.startsWith(`${base}/`)));
      });
    },
  };
}

/**
 * Without the paths that are one file on a disk that ignores case or the way accents are written: which of them would
 * remain there is chance, so none is taken.
 */
export function withoutCollisions(paths: string[], skipped: SkippedFile[]): string[] {
  const byKey = new Map<string, string[]>();
  for (const path of paths) {
    const key = collisionKey(path);
    byKey.set(key, [...(byKey.get(key) ?? []), path]);
  }
  const alone: string[] = [];
  for (const same of byKey.values()) {
    const [first, second] = same;
    if (first !== undefined && second === undefined) alone.push(first);
    if (second === undefined) continue;
    for (const path of same) {
      const other = quoted(same.find((candidate) => candidate !== path) ?? '');
      const why = `On many disks its name is the same as ${other}. Rename one of them.`;
      skipped.push({ path: printable(path), why });
    }
  }
  return alone.toSorted();
}
