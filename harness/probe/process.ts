import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { INSIDE_CEILING, underCeiling, USUAL_CEILING } from '../subject/ceiling.ts';
import { computedMs } from '../subject/computing.ts';
import { atExit } from '../subject/exit.ts';
import { hostEnvironment, permissionFlags } from '../subject/isolation.ts';
import type { Isolation } from '../subject/isolation.ts';
import { bwrapPath, nodeWall, wallArguments } from '../subject/namespace/wall.ts';
import type { ProbeRequest } from './messages.ts';
import type { TextRequest } from './text-messages.ts';

const MEMORY_MB = 128;

/** Where probes are: the folder of the built harness, and the level at which they run; `permission` when left out. */
export type ProbePlace = { build: string; isolation?: Isolation };

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

/** Whoever computed less than this share of its time was kept from it, and is waited for up to so many times as long. */
const LOST_SHARE = 0.5;
const STARVED = 3;

/** A probe as a child process, and the way to end it. */
export type StartedProbe = { child: ChildProcess; end: () => void };

/** Starts a probe (unless one was `started` for it), hands it the request, and takes its answer. It never outlives this call. */
export async function runProbe(
  place: ProbePlace,
  request: ProbeRequest | TextRequest,
  access: ProbeAccess,
  { within, most }: ProbeLimits,
  started?: StartedProbe,
): Promise<ProbeRun> {
  const { child, end } = started ?? startProbe(place, access, []);
  return await new Promise<ProbeRun>((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const fail = (why: string): void => {
      resolve({ ok: false, why });
      end();
    };
    // On a crowded machine a probe gets little of the processor, and is late without being lost.
    let waits = 0;
    const look = (): void => {
      const computed = computedMs(child.pid);
      if (computed !== null && computed < within * LOST_SHARE && ++waits < STARVED)
        timer = setTimeout(look, within);
      else fail(`reading what was written took more than ${within / 1000} seconds`);
    };
    let timer = setTimeout(look, within);
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

/** A probe that waits for its request on stdin. The caller ends it. */
export function startProbe(
  { build, isolation = 'permission' }: ProbePlace,
  access: ProbeAccess,
  args: readonly string[],
): StartedProbe {
  const script = join(build, access.script ?? 'probe.mjs');
  const read = [script, ...access.read];
  const flags = permissionFlags({ ...access, read });
  const node = [
    '--disable-warning=ExperimentalWarning',
    `--max-old-space-size=${MEMORY_MB}`,
    ...flags,
    script,
    ...args,
  ];
  const started =
    isolation === 'namespace'
      ? walledOff({ ...access, read }, build, node)
      : underCeiling(process.execPath, node, USUAL_CEILING);
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

/** In namespaces of its own: what a subject wrote, and nothing else of this machine; no network. */
function walledOff({ read, write }: ProbeAccess, build: string, node: readonly string[]) {
  const { command, args } = underCeiling(process.execPath, node, { ...USUAL_CEILING, ...INSIDE_CEILING });
  const system = nodeWall();
  const wall = {
    ...system,
    read: [...system.read, ...read.filter((path) => !write.includes(path))],
    write,
  };
  return { command: bwrapPath(), args: [...wallArguments(wall, build), '--', command, ...args] };
}

const UNREADABLE: ProbeRun = { ok: false, why: 'what was written could not be read' };
