import {
  copyFileSync,
  cpSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { outsideNpm } from '../bench/environment.ts';
import type { InstalledNode } from './install.ts';
import { run } from './run.ts';

/** What a check needs of a workbook. */
const SOURCES = ['exercises', 'harness', 'scripts', 'solutions', 'package.json', 'package-lock.json'];

/** A compiler may take this long, in milliseconds. */
const BUILD_WITHIN = 900_000;

const NATIVE = 'better-sqlite3';

/** A copy of the workbook that one version of Node.js runs in. */
export type WorkbookCopy = { folder: string; node: InstalledNode };

/**
 * Copies the workbook to `folder`. Packages are linked file by file: as links to folders they would lie outside of what a
 * host may read. What was built there before stays as long as the packages are the same.
 */
export function copyWorkbook(root: string, folder: string, node: InstalledNode): WorkbookCopy {
  mkdirSync(folder, { recursive: true });
  for (const name of SOURCES) {
    rmSync(join(folder, name), { recursive: true, force: true });
    cpSync(join(root, name), join(folder, name), { recursive: true, preserveTimestamps: true });
  }
  const stamp = join(folder, 'node_modules', '.of-lock');
  const lock = readFileSync(join(root, 'package-lock.json'), 'utf8');
  if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== lock) {
    rmSync(join(folder, 'node_modules'), { recursive: true, force: true });
    const packages = realpathSync(join(root, 'node_modules'));
    linkTree(packages, join(folder, 'node_modules'));
    // Its compiled part may be built anew, and must not be the same file as the workbook's own.
    const compiled = nativeFolder(folder);
    rmSync(compiled, { recursive: true, force: true });
    if (existsSync(join(packages, NATIVE, 'build')))
      cpSync(join(packages, NATIVE, 'build'), compiled, { recursive: true });
    writeFileSync(stamp, lock);
  }
  return { folder, node };
}

/** The same files under other names: a tree of hard links, or copies where the disk has none. */
function linkTree(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) linkTree(source, target);
    else if (entry.isSymbolicLink()) symlinkSync(readlinkSync(source), target);
    else linkOrCopy(source, target);
  }
}

function linkOrCopy(source: string, target: string): void {
  try {
    linkSync(source, target);
  } catch {
    copyFileSync(source, target);
  }
}

/** Whether the copy has better-sqlite3 for its Node.js; `why` is what its install script said last. */
export type NativePart = { kind: 'there' } | { kind: 'missing'; why: string };

/** Builds better-sqlite3 in the copy unless it loads: a download where there is one, else a minute of compiling. */
export async function buildNative(copy: WorkbookCopy): Promise<NativePart> {
  if (await loads(copy)) return { kind: 'there' };
  const { node, folder } = copy;
  rmSync(nativeFolder(folder), { recursive: true, force: true });
  const built = await run('npm', ['run', 'install'], {
    cwd: join(folder, 'node_modules', NATIVE),
    env: buildEnvironment(node),
    within: BUILD_WITHIN,
  });
  if (await loads(copy)) return { kind: 'there' };
  const lines = built.stderr.split('\n').filter((line) => /\b(err|error|ERR!)\b/i.test(line));
  return { kind: 'missing', why: (lines.at(0) ?? 'its install script built nothing').slice(0, 200) };
}

/** Without its compiled part for as long as `during` runs: as on a machine where it could not be built. */
export async function withoutNative<T>({ folder }: WorkbookCopy, during: () => Promise<T>): Promise<T> {
  const place = nativeFolder(folder);
  const aside = `${place}-aside`;
  const move = (from: string, to: string): void => {
    if (!existsSync(from)) return;
    rmSync(to, { recursive: true, force: true });
    cpSync(from, to, { recursive: true });
    rmSync(from, { recursive: true });
  };
  move(place, aside);
  try {
    return await during();
  } finally {
    move(aside, place);
  }
}

function nativeFolder(folder: string): string {
  return join(folder, 'node_modules', NATIVE, 'build');
}

async function loads({ folder, node }: WorkbookCopy): Promise<boolean> {
  const script = `new (require('${NATIVE}'))(':memory:').close()`;
  const loaded = await run(node.binary, ['-e', script], { cwd: folder, env: process.env, within: 20_000 });
  return loaded.code === 0;
}

function buildEnvironment({ binary, headers }: InstalledNode): NodeJS.ProcessEnv {
  const env = outsideNpm(process.env);
  const path = Object.keys(env).find((name) => name.toUpperCase() === 'PATH') ?? 'PATH';
  return {
    ...env,
    [path]: `${dirname(binary)}${delimiter}${env[path] ?? ''}`,
    ...(headers === null ? {} : { npm_config_nodedir: headers }),
  };
}
