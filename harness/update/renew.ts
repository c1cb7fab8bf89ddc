import { join } from 'node:path';
import { outsideNpm } from '../bench/environment.ts';
import { run } from '../matrix/run.ts';

/** What has to be done after the files are new. */
export type Renewal = { install: boolean; build: boolean };

/** `failed`: the update itself stands; `next` is the command that finishes it. */
export type Renewed = { kind: 'done' } | { kind: 'failed'; next: string; why: string };

/** Packages may have to be compiled, in milliseconds. */
const INSTALL_WITHIN = 1_800_000;
const BUILD_WITHIN = 300_000;

/** Installs the packages anew and builds the harness, each where it is asked for. `npm ci` builds by itself. */
export async function renew(
  root: string,
  { install, build }: Renewal,
  onProgress: (what: string) => void,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<Renewed> {
  const env = outsideNpm(environment);
  if (install) {
    onProgress('installing packages');
    const ran = await run('npm', ['ci', '--no-audit', '--no-fund'], {
      cwd: root,
      env,
      within: INSTALL_WITHIN,
    });
    return ran.code === 0 ? { kind: 'done' } : { kind: 'failed', next: 'npm ci', why: lastLines(ran.stderr) };
  }
  if (!build) return { kind: 'done' };
  onProgress('building');
  // The newer build.mjs, as a process of its own: this one is the older harness.
  const script = join(root, 'harness', 'build', 'run.mjs');
  const ran = await run(process.execPath, [script, 'build'], { cwd: root, env, within: BUILD_WITHIN });
  return ran.code === 0 ? { kind: 'done' } : { kind: 'failed', next: 'npm ci', why: lastLines(ran.stderr) };
}

function lastLines(text: string): string {
  return text.trim().split('\n').slice(-12).join('\n');
}
