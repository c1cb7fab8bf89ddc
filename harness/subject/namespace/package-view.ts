import { createHash } from 'node:crypto';
import { copyFileSync, linkSync, mkdirSync, readdirSync, readlinkSync, renameSync, rmSync } from 'node:fs';
import { existsSync, statSync, symlinkSync, utimesSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

/** Views that nobody used for this long are removed, in milliseconds. */
const KEPT = 14 * 86_400_000;

const known = new Map<string, string | null>();

/**
 * A folder that looks like the workbook's node_modules, with these packages in it and no others: one mount, where a mount
 * for each of a hundred packages takes a tenth of a second. Made once, of hard links, below .workbook/packages, and again
 * after npm changed anything. Null: it cannot be made here. `folders`: of the packages, absolute, below `root`.
 */
export function packageView(root: string, folders: readonly string[]): string | null {
  const names = folders.map((folder) => relative(join(root, 'node_modules'), folder)).toSorted();
  const key = [root, installation(root), ...names].join('\n');
  const before = known.get(key);
  if (before !== undefined) return before;
  const digest = createHash('sha256').update(key).digest('hex').slice(0, 24);
  const made = attempt(() => built(root, names, join(root, '.workbook', 'packages'), digest));
  known.set(key, made);
  return made;
}

function built(root: string, names: readonly string[], parent: string, digest: string): string {
  const view = join(parent, digest);
  if (!existsSync(view)) {
    removeOld(parent);
    const next = join(parent, `${digest}-${process.pid}`);
    rmSync(next, { recursive: true, force: true });
    mkdirSync(next, { recursive: true });
    for (const name of names) linkTree(join(root, 'node_modules', name), join(next, name));
    try {
      renameSync(next, view);
    } catch (error) {
      rmSync(next, { recursive: true, force: true });
      // Another process was sooner; its view is the same.
      if (!existsSync(view)) throw error;
    }
  }
  const now = new Date();
  utimesSync(view, now, now);
  return view;
}

/** What npm writes anew with every change of what is installed. */
function installation(root: string): string {
  return attempt(() => String(statSync(join(root, 'node_modules', '.package-lock.json')).mtimeMs)) ?? '';
}

function linkTree(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const source = join(from, entry.name);
    const target = join(to, entry.name);
    if (entry.isDirectory()) linkTree(source, target);
    else if (entry.isSymbolicLink()) symlinkSync(readlinkSync(source), target);
    else if (entry.isFile()) linkOrCopy(source, target);
  }
}

/** Another file system, or files of another user: then the bytes are copied. */
function linkOrCopy(source: string, target: string): void {
  try {
    linkSync(source, target);
  } catch {
    mkdirSync(dirname(target), { recursive: true });
    copyFileSync(source, target);
  }
}

function removeOld(parent: string): void {
  const names = attempt(() => readdirSync(parent)) ?? [];
  for (const name of names) {
    const folder = join(parent, name);
    const used = attempt(() => statSync(folder).mtimeMs) ?? 0;
    if (Date.now() - used > KEPT) attempt(() => rmSync(folder, { recursive: true, force: true }));
  }
}

function attempt<T>(run: () => T): T | null {
  try {
    return run();
  } catch {
    return null;
  }
}
