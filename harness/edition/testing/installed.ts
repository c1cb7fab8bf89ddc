import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { packageFolders } from '../../subject/packages.ts';

/** Folders of a workbook that nobody hands out, and that may be large. */
const NOT_KNOWN = new Set(['node_modules', '.git', '.workbook', 'set-aside']);

/** For tests: the files of the workbook in `root`, without asking git: an unpacked archive has none. */
export function filesBelow(root: string, prefix = ''): string[] {
  return readdirSync(join(root, prefix), { withFileTypes: true }).flatMap((entry) => {
    const path = prefix === '' ? entry.name : `${prefix}/${entry.name}`;
    if (prefix === '' && NOT_KNOWN.has(entry.name)) return [];
    if (entry.isDirectory()) return filesBelow(root, path);
    return entry.isFile() ? [path] : [];
  });
}

/** For tests: gives `root` the packages of this workbook. A host follows no link to those that programs use. */
export function install(root: string, used: readonly string[]): void {
  const here = join(process.cwd(), 'node_modules');
  const there = join(root, 'node_modules');
  const copied = packageFolders(process.cwd(), used);
  mkdirSync(there);
  for (const name of readdirSync(here)) {
    if (copied.includes(join(here, name))) cpSync(join(here, name), join(there, name), { recursive: true });
    else if (!name.startsWith('.')) symlinkSync(join(here, name), join(there, name), 'junction');
  }
}

/** For tests: which of `secrets` stand in a file below these folders now, and where. Packages are not looked at. */
export function seen(folders: readonly string[], secrets: readonly string[]): string[] {
  return folders.flatMap((folder) => {
    const found: string[] = [];
    const visit = (path: string): void => {
      for (const entry of listed(path)) {
        const inside = join(path, entry.name);
        if (entry.isDirectory() && entry.name !== 'node_modules') visit(inside);
        if (!entry.isFile()) continue;
        const text = read(inside);
        for (const secret of secrets) if (text.includes(secret)) found.push(`${inside}: ${secret}`);
      }
    };
    visit(folder);
    return found;
  });
}

function listed(path: string) {
  try {
    return readdirSync(path, { withFileTypes: true });
  } catch {
    // It was there a moment ago.
    return [];
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}

export type Ended = { code: number | null; out: string; err: string; seen: string[]; looks: number };

/** For tests: runs a command of the edition in `root`, and looks for secrets again and again until it has ended. */
export async function runWatched(
  { root, temp }: { root: string; temp: string },
  argv: readonly string[],
  secrets: readonly string[],
): Promise<Ended> {
  const { PATH, SystemRoot } = process.env;
  const child = spawn(process.execPath, [join(root, 'harness', 'build', 'run.mjs'), ...argv], {
    cwd: root,
    env: {
      PATH,
      ...(SystemRoot === undefined ? {} : { SystemRoot }),
      TMPDIR: temp,
      TEMP: temp,
      TMP: temp,
      NO_COLOR: '1',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let err = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => void (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => void (err += text));
  let hasEnded = false;
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      hasEnded = true;
      resolve(code);
    });
  });
  const found = new Set<string>();
  let looks = 0;
  const folders = [join(root, 'exercises'), join(root, '.workbook'), temp];
  while (!hasEnded && secrets.length > 0) {
    for (const each of seen(folders, secrets)) found.add(each);
    looks++;
    // The check has to get its turn as well.
    await setTimeout(15);
  }
  return { code: await ended, out, err, seen: [...found], looks };
}
