import { join } from 'node:path';
import { z } from 'zod';
import { fail, ok, warn } from './finding.ts';
import type { Finding } from './finding.ts';
import type { World } from './world.ts';

/** The oldest version that the workbook is made for; package.json says the same. */
const OLDEST = { major: 20, minor: 19 };

/** The newest line of versions that the workbook is tried with. */
const NEWEST = 26;

/** The first npm that runs install scripts only of packages that package.json allows them. */
const ASKING_NPM = 12;

const manifest = z.object({
  dependencies: z.record(z.string(), z.string()).default({}),
  devDependencies: z.record(z.string(), z.string()).default({}),
  allowScripts: z.record(z.string(), z.boolean()).default({}),
});
const installed = z.object({ version: z.string() });

export async function nodeVersion({ node }: World): Promise<Finding[]> {
  const [major = 0, minor = 0] = node.replace(/^v/, '').split('.').map(Number);
  if (major < OLDEST.major || (major === OLDEST.major && minor < OLDEST.minor)) {
    const text = `Node.js ${node} is too old: the workbook needs ${OLDEST.major}.${OLDEST.minor} or later.`;
    return Promise.resolve([
      fail('Node.js', text, `Install a newer one from https://nodejs.org, then: npm ci`),
    ]);
  }
  if (major > NEWEST || major % 2 === 1) {
    const text = `Node.js ${node} is a version that the workbook was not tried with.`;
    return Promise.resolve([
      warn('Node.js', text, 'If something fails oddly, install the LTS version from https://nodejs.org'),
    ]);
  }
  return Promise.resolve([ok('Node.js', node)]);
}

export async function npmVersion(world: World): Promise<Finding[]> {
  const version = await npmOf(world);
  if (version !== null) return [ok('npm', version)];
  return [
    warn(
      'npm',
      'npm could not be started.',
      'Install Node.js from https://nodejs.org, which brings npm along',
    ),
  ];
}

/** Whether node_modules has just what package.json names. */
export async function packages(world: World): Promise<Finding[]> {
  const own = manifestOf(world);
  if (own === null) {
    return Promise.resolve([fail('packages', 'package.json cannot be read.', 'git restore package.json')]);
  }
  if (world.isLink(join(world.root, 'node_modules'))) {
    // Node's permission model looks at where a link leads, and a host may read below the workbook alone.
    const text =
      'node_modules is a link. A program that is checked may not follow it, so no exercise with packages works.';
    const fix = world.platform === 'win32' ? 'rmdir node_modules && npm ci' : 'rm node_modules && npm ci';
    return Promise.resolve([fail('packages', text, fix)]);
  }
  const needed = Object.entries({ ...own.dependencies, ...own.devDependencies });
  const other = needed.filter(([name, version]) => versionOf(world, name) !== version).map(([name]) => name);
  if (other.length === 0) return Promise.resolve([ok('packages', `all ${needed.length} are installed`)]);
  const missing = other.filter((name) => versionOf(world, name) === null);
  const text =
    missing.length > 0
      ? `These packages are not installed: ${few(missing)}.`
      : `These packages have another version than package.json names: ${few(other)}.`;
  return Promise.resolve([fail('packages', text, 'npm ci')]);
}

/** The native part of better-sqlite3, loaded and used in a process of its own: a broken one may crash. */
export async function sqlite(world: World): Promise<Finding[]> {
  const name = 'SQLite';
  const ran = await world.evaluate(
    `const Database = require('better-sqlite3');
     console.log(new Database(':memory:').prepare('SELECT 6 * 7 AS answer').get().answer);`,
  );
  if (ran.kind === 'ended' && ran.code === 0 && ran.out.trim() === '42') {
    return [ok(name, 'better-sqlite3 loads, and answers a query')];
  }
  const rebuild = 'npm rebuild better-sqlite3';
  if (ran.kind !== 'ended') return [fail(name, 'better-sqlite3 did not answer in time.', rebuild)];
  const why = firstError(ran.err);
  if (/Cannot find module 'better-sqlite3'/.test(ran.err)) {
    return [fail(name, 'better-sqlite3 is not installed.', 'npm ci')];
  }
  if (/NODE_MODULE_VERSION|was compiled against a different Node/.test(ran.err)) {
    return [fail(name, 'better-sqlite3 was built for another version of Node.js.', rebuild)];
  }
  if (/Could not locate the bindings file/.test(ran.err)) {
    return [
      fail(
        name,
        `better-sqlite3 has no native part: its install script did not run. ${await scripts(world, 'better-sqlite3')}`,
        rebuild,
      ),
    ];
  }
  return [fail(name, `better-sqlite3 does not work: ${why}`, rebuild)];
}

export async function esbuild(world: World): Promise<Finding[]> {
  const name = 'esbuild';
  const ran = await world.evaluate(
    `console.log(require('esbuild').transformSync('let a: number = 42', { loader: 'ts' }).code.trim());`,
  );
  if (ran.kind === 'ended' && ran.code === 0 && /^let a = 42;?$/.test(ran.out.trim())) {
    return [ok(name, 'its program starts, and compiles')];
  }
  if (ran.kind !== 'ended') return [fail(name, 'esbuild did not answer in time.', 'npm rebuild esbuild')];
  if (/Cannot find module 'esbuild'/.test(ran.err))
    return [fail(name, 'esbuild is not installed.', 'npm ci')];
  // node_modules that were copied from another system, or installed with --omit=optional.
  if (
    /installed esbuild (for|on) another platform|could not be found, and is needed by esbuild/.test(ran.err)
  ) {
    const text =
      'esbuild was installed for another system: node_modules was copied, or optional packages left out.';
    return [fail(name, text, 'npm ci')];
  }
  const text = `esbuild does not work: ${firstError(ran.err)} ${await scripts(world, 'esbuild')}`;
  return [fail(name, text.trim(), 'npm rebuild esbuild')];
}

/** Why an install script may not have run. */
async function scripts(world: World, name: string): Promise<string> {
  const version = await npmOf(world);
  const major = Number(version?.split('.')[0] ?? 0);
  if (major >= ASKING_NPM && manifestOf(world)?.allowScripts[name] !== true) {
    return `npm ${version} runs install scripts only of packages that stand in allowScripts of package.json, and ${name} is missing there: git restore package.json`;
  }
  const ignored = await world.run('npm', ['config', 'get', 'ignore-scripts']);
  if (ignored.kind === 'ended' && ignored.out.trim() === 'true') {
    return 'npm is set to ignore install scripts: npm config set ignore-scripts false';
  }
  return 'npm ci --ignore-scripts has that effect, and npm 12 where allowScripts in package.json does not name the package.';
}

async function npmOf(world: World): Promise<string | null> {
  // npm itself says it, when it has started this command.
  const started = /^npm\/(\d+\.\d+\.\d+\S*)/.exec(world.env.npm_config_user_agent ?? '')?.[1];
  if (started !== undefined) return started;
  const ran = await world.run('npm', ['--version']);
  return ran.kind === 'ended' && ran.code === 0 && /^\d/.test(ran.out) ? ran.out.trim() : null;
}

function manifestOf({ read, root }: World): z.infer<typeof manifest> | null {
  return parsed(manifest, read(join(root, 'package.json')));
}

function versionOf({ read, root }: World, name: string): string | null {
  return (
    parsed(installed, read(join(root, 'node_modules', ...name.split('/'), 'package.json')))?.version ?? null
  );
}

function parsed<T>(schema: z.ZodType<T>, text: string | null): T | null {
  try {
    return text === null ? null : schema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

function firstError(text: string): string {
  const lines = text.split('\n').map((line) => line.trim());
  return (
    lines.find((line) => /\bError\b/.test(line)) ?? lines.find((line) => line !== '') ?? 'it said nothing'
  );
}

function few(names: readonly string[]): string {
  return names.length <= 4
    ? names.join(', ')
    : `${names.slice(0, 4).join(', ')} and ${names.length - 4} more`;
}
