import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, onTestFinished } from 'vitest';
import type { TestContext } from 'vitest';
import type { HostRequest, HostResult } from '../../message/host.ts';
import { hostEnvironment } from '../isolation.ts';
import { HostProcess, USUAL_LIMITS } from '../process.ts';
import type { Death } from '../death.ts';
import type { HostOptions, Limits, Reply } from '../process.ts';
import { Scratch } from '../scratch.ts';

/** An instant for the clocks of tests, in milliseconds since 1970. */
export const NOW = Date.UTC(2031, 4, 6, 7, 8, 9);

/**
 * For tests: the host, bundled as harness/build does it, in a folder of its own below .workbook/ (a host finds packages
 * in the workbook's node_modules). A test then never waits for the workbook's build, and nobody who builds meanwhile
 * takes the file away.
 */
export function builtHost(): { readonly file: string } {
  const parent = join(process.cwd(), '.workbook');
  mkdirSync(parent, { recursive: true });
  const folder = realpathSync.native(mkdtempSync(join(parent, 'test-host-')));
  const file = join(folder, 'host.mjs');
  beforeAll(async () => {
    const root = process.cwd();
    await build({
      entryPoints: {
        host: join(root, 'harness', 'host', 'main.ts'),
        launcher: join(root, 'harness', 'host', 'launcher.ts'),
      },
      outdir: folder,
      outExtension: { '.js': '.mjs' },
      bundle: true,
      platform: 'node',
      format: 'esm',
      target: 'node20',
      packages: 'external',
      absWorkingDir: root,
      logLevel: 'error',
    });
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return { file };
}

export type StartOptions = Partial<Omit<HostOptions, 'limits'>> & {
  limits?: Partial<Limits>;
  flags?: string[];
};

type Finished = (run: () => Promise<void>) => void;

export type Started = { host: HostProcess; scratch: Scratch; load: (text: string) => Promise<Reply> };

/** For tests: starts a host that is gone when the test has finished. `finished`: a concurrent test's own hook. */
export function startHost(
  file: string,
  options: StartOptions = {},
  finished: Finished = onTestFinished,
): Started {
  const scratch = new Scratch();
  const host = new HostProcess(process.execPath, [...(options.flags ?? []), file], {
    folder: options.folder ?? scratch.folder,
    env: options.env ?? hostEnvironment(),
    limits: { ...USUAL_LIMITS, ...options.limits },
  });
  finished(async () => {
    await host.kill();
    scratch.remove();
  });
  const load = (text: string) =>
    host.request({ op: 'load', file: scratch.writeSubject(text), now: NOW }, null);
  return { host, scratch, load };
}

/** A call of an export without arguments, as the trusted side asks for it. */
export function callOf(name: string): HostRequest {
  return { op: 'call', export: name, args: '[]', keep: null };
}

/** For tests: loads a text, calls its export `run` if the host is still there, and tells how the host died. */
export async function deathOf(
  file: string,
  text: string,
  { onTestFinished: finished }: TestContext,
  options: StartOptions = {},
): Promise<Death> {
  const { host, load } = startHost(file, options, finished);
  host.watch();
  const loaded = await load(text);
  if (loaded.kind === 'dead') return loaded.death;
  const called = await host.request(callOf('run'), null);
  return called.kind === 'dead' ? called.death : await host.ended;
}

/** The content of a reply; anything but a reply fails the test. */
export function resultOf(reply: Reply): HostResult {
  if (reply.kind !== 'reply') throw new Error(`no reply but ${JSON.stringify(reply)}`);
  return reply.result;
}

/** Whether a process lives. A dead one that nobody has collected yet counts as dead. */
export function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return process.platform !== 'linux' || !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}
