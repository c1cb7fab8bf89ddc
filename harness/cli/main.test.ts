import { closeSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { BuiltWorkbook, ended } from './testing/built-workbook.ts';
import { FIRST, writeProgram } from './testing/made-exercises.ts';

/** A command as a process: how it ends, whatever ends it. */
let workbook: BuiltWorkbook;

beforeAll(async () => {
  workbook = new BuiltWorkbook();
  workbook.restore();
  workbook.addScript('throws', failing('async () => { throw new Error("a bug"); }'));
  workbook.addScript(
    'rejects',
    failing('() => { void Promise.reject(new Error("a bug")); return new Promise(() => {}); }'),
  );
  await workbook.build();
}, 60_000);
beforeEach(() => workbook.restore());
afterAll(() => workbook.remove());

const SLOW = 60_000;

/** The script of a command that has a bug. */
function failing(run: string): string {
  return `import { main } from '../harness/cli/main.ts';
import { root } from '../harness/cli/root.ts';
await main({ name: 'tea', summary: '', positionals: [], options: {}, examples: [], run: ${run} }, root);
`;
}

/** The hosts of this workbook that are running, where the system tells. */
function hosts(): string[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc').filter((name) => {
    if (!/^\d+$/.test(name)) return false;
    try {
      return readFileSync(`/proc/${name}/cmdline`, 'utf8').includes(
        join(workbook.root, '.workbook', 'build', 'host.mjs'),
      );
    } catch {
      return false;
    }
  });
}

test.each(['throws', 'rejects'])(
  'a bug of ours that %s ends with 4, and is not taken for a program that did not pass',
  async (name) => {
    const { code, out, err } = await workbook.run([name]);
    expect({ code, out }).toEqual({ code: 4, out: '' });
    expect(err).toContain('The workbook itself failed while it ran `npm run tea`.');
    expect(err).toContain('Error: a bug');
  },
  SLOW,
);

test(
  'a reader that goes away early is no failure',
  async () => {
    const child = workbook.spawn(workbook.commandLine(['list', '--all']));
    child.stdout?.destroy();
    expect(await ended(child)).toEqual({ code: 0, out: '', err: '' });
  },
  SLOW,
);

test(
  'a result that cannot be written ends with 4',
  async ({ skip }) => {
    if (process.platform !== 'linux') skip('only Linux has /dev/full');
    const full = openSync('/dev/full', 'w');
    try {
      const { code, err } = await workbook.run(['list'], { stdio: ['ignore', full, 'pipe'] });
      expect(code).toBe(4);
      expect(err).toMatch(/^The result could not be written\. .*ENOSPC.*\n$/);
    } finally {
      closeSync(full);
    }
  },
  SLOW,
);

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const)(
  '%s in the middle of a check leaves no host and no folder behind',
  async (signal, status) => {
    // Windows ends a process at once, whatever the signal is called; its hosts notice that their pipe is closed.
    if (process.platform === 'win32') return;
    writeProgram(workbook.root, FIRST, 'hanging');
    const child = workbook.spawn(workbook.commandLine(['check', FIRST]));
    const end = ended(child);
    await expect
      .poll(() => workbook.leftovers().length, { timeout: 20_000, interval: 20 })
      .toBeGreaterThan(0);
    child.kill(signal);
    expect(await end).toEqual({ code: status, out: '', err: '' });
    expect(workbook.leftovers()).toEqual([]);
    await expect.poll(hosts, { timeout: 5_000 }).toEqual([]);
  },
  SLOW,
);

test(
  'on a terminal a long check counts its seconds, and Ctrl-C wipes the line and ends everything',
  async ({ skip }) => {
    const isThere =
      spawnSync('script', ['--version'], { encoding: 'utf8' }).stdout?.includes('util-linux') === true;
    if (!isThere) skip('a pseudo-terminal needs the script command of util-linux');
    writeProgram(workbook.root, FIRST, 'hanging');
    const line = workbook.commandLine(['check', FIRST]).map((word) => `'${word}'`);
    const child = workbook.spawn(['script', '-qec', line.join(' '), '/dev/null']);
    let screen = '';
    child.stdout?.on('data', (bytes: Buffer) => {
      const before = screen;
      screen += bytes.toString();
      if (!before.includes('2 s') && screen.includes('2 s')) child.stdin?.write('\u0003');
    });
    const { code } = await ended(child);
    expect(code).toBe(130);
    expect(screen).toContain('judging 01-first · 0 of 2 rules · 1 s');
    // The test runner inside shows the cursor again at its end.
    expect(screen.replace('\u001b[?25h', '').slice(-4)).toBe('\r\u001b[K');
    expect(workbook.leftovers()).toEqual([]);
    await expect.poll(hosts, { timeout: 5_000 }).toEqual([]);
  },
  SLOW,
);
