import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { underCeiling, USUAL_CEILING } from '../subject/ceiling.ts';
import { atExit } from '../subject/exit.ts';
import { hostEnvironment, permissionFlags } from '../subject/isolation.ts';
import type { ProbeRequest } from './messages.ts';
import type { TextRequest } from './text-messages.ts';

const MEMORY_MB = 128;

export type ProbeRun = { ok: true; text: string } | { ok: false; why: string };

/** What a probe may reach besides its own script. `script`: a file of the build; the probe for files and databases when left out. */
export type ProbeAccess = {
  read: readonly string[];
  write: readonly string[];
  addons: boolean;
  script?: string;
};

export type ProbeLimits = {
  /** Milliseconds. */
  within: number;
  /** Bytes of answer. */
  most: number;
};

/** Starts a probe, hands it the request, and takes its answer. It never outlives this call. */
export async function runProbe(
  build: string,
  request: ProbeRequest | TextRequest,
  access: ProbeAccess,
  { within, most }: ProbeLimits,
): Promise<ProbeRun> {
  const { child, end } = startProbe(build, access, []);
  return await new Promise<ProbeRun>((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const fail = (why: string): void => {
      resolve({ ok: false, why });
      end();
    };
    const timer = setTimeout(
      () => fail(`reading what was written took more than ${within / 1000} seconds`),
      within,
    );
    child.on('error', (error) => fail(`it could not be read: ${error.message}`));
    child.stdout?.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > most) fail('more was written than can be read');
      else chunks.push(chunk);
    });
    child.stdin?.on('error', () => {});
    child.stdin?.end(JSON.stringify(request));
    child.once('close', (code) => {
      clearTimeout(timer);
      end();
      resolve(code === 0 ? { ok: true, text: Buffer.concat(chunks).toString('utf8') } : UNREADABLE);
    });
  });
}

/** A probe as a child process, and the way to end it. */
export function startProbe(
  build: string,
  access: ProbeAccess,
  args: readonly string[],
): { child: ChildProcess; end: () => void } {
  const script = join(build, access.script ?? 'probe.mjs');
  const flags = permissionFlags({ ...access, read: [script, ...access.read] });
  const started = underCeiling(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', `--max-old-space-size=${MEMORY_MB}`, ...flags, script, ...args],
    USUAL_CEILING,
  );
  const child = spawn(started.command, started.args, {
    cwd: build,
    env: hostEnvironment(),
    stdio: ['pipe', 'pipe', 'ignore'],
    windowsHide: true,
  });
  const kill = (): void => void child.kill('SIGKILL');
  const forget = atExit(kill);
  return {
    child,
    end: () => {
      forget();
      kill();
    },
  };
}

const UNREADABLE: ProbeRun = { ok: false, why: 'what was written could not be read' };
