import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { outsideNpm } from '../bench/environment.ts';
import { run } from './run.ts';
import type { NodeSource } from './versions.ts';

/** A Node.js on this disk. `headers`: the folder to build native parts with; null: node-gyp fetches them. */
export type InstalledNode = { version: string; binary: string; headers: string | null };

/** npm may take this long to fetch fifty megabytes, in milliseconds. */
const INSTALL_WITHIN = 600_000;

/** Installs a version below `folder` unless it is there. Throws an Error that says what to do. */
export async function install(
  folder: string,
  source: Exclude<NodeSource, { kind: 'none' }>,
): Promise<InstalledNode> {
  if (source.kind === 'own') return withHeaders(source.version, process.execPath);
  const { name, version } = source;
  const place = join(folder, version);
  const binary = join(place, 'node_modules', name, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  if (existsSync(binary)) return withHeaders(version, binary);
  mkdirSync(place, { recursive: true });
  // A package of its own: npm would look for one further up, and change the workbook's.
  writeFileSync(join(place, 'package.json'), '{ "private": true }\n');
  const options = ['--no-save', '--no-package-lock', '--ignore-scripts', '--no-audit', '--no-fund'];
  const installed = await run('npm', ['install', ...options, '--prefix', place, `${name}@${version}`], {
    cwd: place,
    env: outsideNpm(process.env),
    within: INSTALL_WITHIN,
  });
  if (installed.code === 0 && existsSync(binary)) return withHeaders(version, binary);
  throw new Error(
    `Node ${version} could not be installed as the npm package ${name}@${version}.\n${NETWORK}\n\n${installed.stderr.slice(-2_000)}`,
  );
}

function withHeaders(version: string, binary: string): InstalledNode {
  const prefix = dirname(dirname(binary));
  return { version, binary, headers: existsSync(join(prefix, 'include', 'node', 'node.h')) ? prefix : null };
}

const NETWORK =
  'This needs a network once. Run the command again when there is one; what is installed already is kept.';
