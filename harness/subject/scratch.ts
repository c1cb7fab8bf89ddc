import { spawnSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmdirSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, sep } from 'node:path';
import { atExit } from './exit.ts';

/** Name of the file that a host imports. `.mjs`: Node then looks for no package.json above it. */
const SUBJECT_FILE = 'subject.mjs';

/**
 * A folder of one host below the system's temp folder: its text, the packages it may import (as links, so that no other
 * package can be found from it), and the files it is given. It is removed with its host, and at exit at the latest.
 */
export class Scratch {
  readonly folder: string;
  private count = 0;
  private readonly forget: () => void;

  constructor() {
    this.folder = realpathSync(mkdtempSync(join(tmpdir(), 'workbook-')));
    this.forget = atExit(() => this.delete());
  }

  /** Writes the compiled text and returns its path. */
  writeSubject(text: string): string {
    const file = join(this.folder, SUBJECT_FILE);
    writeFileSync(file, text);
    return file;
  }

  /** Makes the packages importable. `root`: the folder whose node_modules has them. */
  linkPackages(root: string, packages: readonly string[]): void {
    for (const name of packages) {
      const link = join(this.folder, 'node_modules', name);
      mkdirSync(dirname(link), { recursive: true });
      symlinkSync(join(root, 'node_modules', name), link, 'junction');
    }
  }

  /** Writes a tree of files (relative path with `/` to content) into a folder of its own, and returns its path. */
  writeTree(files: Readonly<Record<string, string | Uint8Array>>): string {
    const base = join(this.folder, `data-${++this.count}`);
    mkdirSync(base);
    const made = new Set([base]);
    for (const [name, content] of Object.entries(files)) {
      const file = join(base, ...name.split('/'));
      if (relative(base, file).split(sep)[0] === '..')
        throw new Error(`the tree names a file outside itself: ${name}`);
      if (!made.has(dirname(file))) mkdirSync(dirname(file), { recursive: true });
      made.add(dirname(file));
      writeFileSync(file, content);
    }
    return base;
  }

  remove(): void {
    this.forget();
    this.delete();
  }

  private delete(): void {
    try {
      removeTree(this.folder);
    } catch {
      removeAnyway(this.folder);
    }
  }
}

/**
 * For what a program made that wants to be in the way: folders whose path is longer than a path may be, or that nobody may
 * look into. What even this leaves is left to the system, which empties its temp folder.
 */
function removeAnyway(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  } catch {
    if (process.platform === 'win32') return;
    const script = 'chmod -R u+rwx "$0"; rm -rf "$0"';
    spawnSync('/bin/sh', ['-c', script, folder], { stdio: 'ignore', timeout: REMOVED_WITHIN });
  }
}

/** Milliseconds. */
const REMOVED_WITHIN = 10_000;

/** For ordinary trees, in half the time of `rmSync`, which on Node 20 tries every folder as an empty one first. */
function removeTree(folder: string): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) removeTree(path);
    else unlinkSync(path);
  }
  rmdirSync(folder);
}
