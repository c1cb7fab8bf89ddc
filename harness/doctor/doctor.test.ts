import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { examine, LOOKS } from './doctor.ts';
import type { Finding } from './finding.ts';
import type { Ran } from '../subject/machine.ts';
import type { World } from './world.ts';

const ROOT = '/book';

const ended = (out: string, code = 0, err = ''): Ran => ({ kind: 'ended', code, out, err });

/** What the real package.json says, and packages that are as it says. */
const PACKAGE = readFileSync(join(process.cwd(), 'package.json'), 'utf8');
const { dependencies, devDependencies } = JSON.parse(PACKAGE) as Record<string, Record<string, string>>;
const VERSIONS = { ...dependencies, ...devDependencies };

function readWell(path: string): string | null {
  if (path === join(ROOT, 'package.json')) return PACKAGE;
  const name = path.startsWith(join(ROOT, 'node_modules'))
    ? path.slice(join(ROOT, 'node_modules').length + 1, -'/package.json'.length).replaceAll('\\', '/')
    : '';
  const version = VERSIONS[name];
  return version === undefined ? null : JSON.stringify({ version });
}

/** Answers of programs, by what their command line contains. */
type Runs = Record<string, Ran>;

function runner(runs: Runs): World['run'] {
  const usual: Runs = {
    'npm --version': ended('11.0.0\n'),
    'npm config get': ended('false\n'),
    'git --version': ended('git version 2.45\n'),
    'git rev-parse': ended('\n'),
    'git status': ended(''),
    bwrap: ended(''),
  };
  return async (file, args) => {
    const line = [file, ...args].join(' ');
    const found = Object.entries({ ...usual, ...runs }).find(([start]) => line.startsWith(start));
    return Promise.resolve(found?.[1] ?? { kind: 'missing' });
  };
}

/** A machine on which all is well, but for `changes`. */
function world(changes: Partial<World> = {}, runs: Runs = {}): World {
  return {
    root: ROOT,
    platform: 'linux',
    node: 'v22.13.1',
    env: {},
    read: readWell,
    run: runner(runs),
    evaluate: async (code) => Promise.resolve(ended(code.includes('sqlite') ? '42\n' : 'let a = 42;\n')),
    isLink: () => false,
    write: () => ({ ok: true }),
    temp: '/tmp',
    free: () => 100 * 2 ** 30,
    ignoresCase: () => false,
    listen: async () => Promise.resolve({ ok: true }),
    reachOutside: async () => Promise.resolve('ERR_ACCESS_DENIED'),
    ...changes,
  };
}

async function found(name: string, where: World): Promise<Finding> {
  const finding = (await examine(where)).find((each) => each.name === name);
  if (finding === undefined) throw new Error(`nothing was said about ${name}`);
  return finding;
}

test('a machine on which all is well', async () => {
  const findings = await examine(world());
  expect(findings.filter(({ state }) => state !== 'ok')).toEqual([]);
  expect(findings.map(({ name }) => name)).toEqual([
    'Node.js',
    'npm',
    'packages',
    'SQLite',
    'esbuild',
    'isolation',
    'bubblewrap',
    'ports',
    '.workbook',
    'exercises',
    'temporary files',
    'disk space',
    'space for temporary files',
    'git',
  ]);
});

const broken = (err: string, name: string): Partial<World> => ({
  evaluate: async (code) =>
    Promise.resolve(
      code.includes(name) ? ended('', 1, err) : ended(code.includes('sqlite') ? '42' : 'let a = 42;'),
    ),
});
const errno = (code: string) => ({ write: () => ({ ok: false as const, code, message: code }) });
const setting = (name: string, value: string): Partial<World> => ({
  read: (path) => (path === `/proc/sys/${name}` ? `${value}\n` : readWell(path)),
});
const MISSING = `Error: Could not locate the bindings file. Tried:\n → /book/x`;

describe('what is wrong is told in words, with what helps', () => {
  test.each<[string, Finding['state'], Partial<World>, Runs, RegExp, RegExp]>([
    ['Node.js', 'fail', { node: 'v20.18.0' }, {}, /too old/, /nodejs\.org/],
    ['Node.js', 'fail', { node: 'v18.20.0' }, {}, /too old/, /npm ci/],
    ['Node.js', 'warn', { node: 'v23.1.0' }, {}, /not tried with/, /LTS/],
    ['npm', 'warn', {}, { 'npm --version': { kind: 'missing' } }, /could not be started/, /nodejs\.org/],
    ['packages', 'fail', { read: () => null }, {}, /package\.json cannot be read/, /^git restore/],
    [
      'packages',
      'fail',
      { read: (path) => (path.includes('express') ? null : readWell(path)) },
      {},
      /not installed: express, /,
      /^npm ci$/,
    ],
    [
      'packages',
      'fail',
      { read: (path) => (path.includes('zod') ? '{"version":"0.0.1"}' : readWell(path)) },
      {},
      /another version.*: zod\./,
      /^npm ci$/,
    ],
    ['packages', 'fail', { isLink: () => true }, {}, /node_modules is a link/, /npm ci$/],
    [
      'SQLite',
      'fail',
      broken(MISSING, 'sqlite'),
      {},
      /no native part.*allowScripts/,
      /^npm rebuild better-sqlite3$/,
    ],
    [
      'SQLite',
      'fail',
      broken(MISSING, 'sqlite'),
      { 'npm config get': ended('true\n') },
      /ignore-scripts false/,
      /^npm rebuild/,
    ],
    [
      'SQLite',
      'fail',
      {
        ...broken(MISSING, 'sqlite'),
        read: (path) => readWell(path)?.replace(/"allowScripts": \{[^}]*\},/, '') ?? null,
      },
      { 'npm --version': ended('12.1.0') },
      /npm 12\.1\.0 runs install scripts only of packages that stand in allowScripts/,
      /^npm rebuild/,
    ],
    [
      'SQLite',
      'fail',
      broken('was compiled against a different Node.js version using\nNODE_MODULE_VERSION 115', 'sqlite'),
      {},
      /another version of Node/,
      /^npm rebuild/,
    ],
    [
      'SQLite',
      'fail',
      broken(`Error: Cannot find module 'better-sqlite3'`, 'sqlite'),
      {},
      /not installed/,
      /^npm ci$/,
    ],
    ['SQLite', 'fail', broken('x\nError: odd\n', 'sqlite'), {}, /does not work: Error: odd/, /^npm rebuild/],
    [
      'SQLite',
      'fail',
      { evaluate: async () => Promise.resolve({ kind: 'late' }) },
      {},
      /in time/,
      /^npm rebuild/,
    ],
    [
      'esbuild',
      'fail',
      broken('Error: You installed esbuild for another platform than', 'esbuild'),
      {},
      /another system/,
      /^npm ci$/,
    ],
    [
      'esbuild',
      'fail',
      broken('Error: spawn EACCES', 'esbuild'),
      {},
      /spawn EACCES/,
      /^npm rebuild esbuild$/,
    ],
    [
      'isolation',
      'fail',
      { reachOutside: async () => Promise.resolve('read') },
      {},
      /could read outside/,
      /nodejs\.org/,
    ],
    [
      'isolation',
      'fail',
      { reachOutside: async () => Promise.reject(new Error('spawn EPERM')) },
      {},
      /spawn EPERM/,
      /doctor/,
    ],
    [
      'bubblewrap',
      'warn',
      setting('kernel/apparmor_restrict_unprivileged_userns', '1'),
      { bwrap: ended('', 1, 'bwrap: setting up uid map: Permission denied\n') },
      /uid map: Permission denied/,
      /^sudo sysctl -w kernel\.apparmor_restrict_unprivileged_userns=0$/,
    ],
    [
      'bubblewrap',
      'warn',
      setting('kernel/unprivileged_userns_clone', '0'),
      { bwrap: ended('', 1, 'bwrap: No permissions') },
      /No permissions/,
      /unprivileged_userns_clone=1$/,
    ],
    ['bubblewrap', 'warn', {}, { bwrap: ended('', 1, 'bwrap: No permissions') }, /strangers/, /docker run/],
    [
      'ports',
      'fail',
      { listen: async () => Promise.resolve({ ok: false, code: 'EPERM', message: '' }) },
      {},
      /\(EPERM\)/,
      /firewall/,
    ],
    ['.workbook', 'fail', errno('EROFS'), {}, /read-only/, /Clone/],
    ['.workbook', 'fail', errno('EACCES'), {}, /no permission/, /^sudo chown .* \.workbook && chmod/],
    [
      '.workbook',
      'fail',
      { ...errno('EPERM'), platform: 'win32' },
      {},
      /no permission/,
      /^icacls \.workbook/,
    ],
    ['exercises', 'warn', errno('ENOENT'), {}, /does not exist/, /^git restore exercises$/],
    ['temporary files', 'fail', errno('EACCES'), {}, /\/tmp/, /^export TMPDIR=/],
    ['disk space', 'fail', { free: () => 2 ** 20 }, {}, /1 MB free/, /npm cache clean/],
    ['disk space', 'warn', { free: () => 200 * 2 ** 20 }, {}, /200 MB free/, /npm cache clean/],
    ['git', 'warn', {}, { 'git --version': { kind: 'missing' } }, /not installed/, /git-scm/],
    [
      'git',
      'warn',
      {},
      { 'git rev-parse': ended('', 128, 'fatal: not a git repository') },
      /no repository/,
      /^git init/,
    ],
    [
      'git',
      'warn',
      {},
      { 'git rev-parse': ended('', 128, 'fatal: detected dubious ownership') },
      /another user/,
      /safe\.directory "\/book"$/,
    ],
    [
      'git',
      'warn',
      {},
      { 'git status': ended(' M exercises/a\n?? exercises/b\n') },
      /2 files in exercises\/ are not committed/,
      /^git add exercises/,
    ],
    [
      'line endings',
      'warn',
      { read: (path) => readWell(path)?.replaceAll('\n', '\r\n') ?? null },
      {},
      /carriage returns/,
      /autocrlf/,
    ],
  ])('%s: %s %#', async (name, state, changes, runs, text, fix) => {
    expect(await found(name, world(changes, runs))).toEqual({
      name,
      state,
      text: expect.stringMatching(text) as string,
      fix: expect.stringMatching(fix) as string,
    });
  });

  test.each<[string, Partial<World>, Runs, RegExp]>([
    [
      'bubblewrap',
      {},
      { bwrap: { kind: 'missing' } },
      /only who judges|Only who judges.*apt-get install bubblewrap/,
    ],
    [
      'ports',
      {
        listen: async (port) =>
          Promise.resolve(port === 4000 ? { ok: false, code: 'EADDRINUSE', message: '' } : { ok: true }),
      },
      {},
      /4000 is taken/,
    ],
    ['file names', { ignoresCase: () => true }, {}, /Books\.ts from books\.ts/],
    ['npm', { env: { npm_config_user_agent: 'npm/12.0.1 node/v24' } }, {}, /^12\.0\.1$/],
  ])('%s may be so, and needs nothing', async (name, changes, runs, text) => {
    expect(await found(name, world(changes, runs))).toEqual({
      name,
      state: 'ok',
      text: expect.stringMatching(text) as string,
      fix: null,
    });
  });

  test('elsewhere than on Linux nothing is said about bubblewrap', async () => {
    const findings = await examine(world({ platform: 'darwin' }));
    expect(findings.map(({ name }) => name)).not.toContain('bubblewrap');
  });
});

describe('a look', () => {
  test('that throws is a finding, and the others follow', async () => {
    const findings = await examine(world(), {
      looks: [
        { name: 'odd', look: async () => Promise.reject(new Error('out of luck')) },
        ...LOOKS.slice(0, 1),
      ],
    });
    expect(findings.map(({ name, state }) => [name, state])).toEqual([
      ['odd', 'fail'],
      ['Node.js', 'ok'],
    ]);
    expect(findings[0]?.text).toContain('out of luck');
  });

  test('that never ends is given up', async () => {
    const findings = await examine(world(), {
      looks: [{ name: 'slow', look: async () => await new Promise(() => {}) }],
      within: 10,
    });
    expect(findings).toMatchObject([
      { name: 'slow', state: 'fail', text: 'This did not end within 0.01 seconds.' },
    ]);
  });
});
