import { dirname, join } from 'node:path';
import type { Part } from '../catalog/exercise.ts';
import { REHEARSE } from '../message/host.ts';
import { underCeiling, USUAL_CEILING } from './ceiling.ts';
import { atExit } from './exit.ts';
import { hostEnvironment, permissionFlags } from './isolation.ts';
import type { HostAccess, Isolation } from './isolation.ts';
import { Enclosure } from './namespace/enclosure.ts';
import { packageView } from './namespace/package-view.ts';
import { timeZone } from './namespace/wall.ts';
import { packageFolders } from './packages.ts';
import { HostProcess, USUAL_LIMITS } from './process.ts';
import { Scratch } from './scratch.ts';

/** How hosts are started, the same for all hosts of a subject. */
export type BootOptions = {
  /** The workbook's folder: its node_modules has the packages. */
  root: string;
  /** The built host, absolute. */
  hostFile: string;
  isolation: Isolation;
  /** Environment of the hosts beyond the bare minimum. */
  env: Readonly<Record<string, string>>;
  /** Opens a debugger port and waits for it; all time limits are off. */
  inspect: boolean;
  /** The host waits for its program long enough to use its packages once; left out: it does not. */
  rehearse?: boolean;
  /** Multiplies all time limits; 1 when left out. */
  pace?: number;
};

/** A host with its folder. It is ended by `endHost`, and at exit at the latest. */
export type LiveHost = {
  process: HostProcess;
  scratch: Scratch;
  /** At isolation level `namespace`. */
  enclosure: Enclosure | null;
  release: () => void;
};

/** Starts a host that may run this part and has loaded nobody's code. `shared`: where databases lie. */
export function bootHost(part: Part, options: BootOptions, shared: Scratch | null): LiveHost {
  const { hostFile, isolation, inspect, pace = 1 } = options;
  const scratch = new Scratch();
  scratch.linkPackages(options.root, part.packages);
  const args = [...QUIET, '--max-old-space-size=256'];
  if (inspect) args.push('--inspect-brk=127.0.0.1:0');
  else if (isolation !== 'none') args.push(...permissionFlags(access(part, options, scratch, shared)));
  const rehearsal = options.rehearse === true ? [REHEARSE] : [];
  const node = [...args, hostFile, ...rehearsal, ...loadedPackages(part)];
  const enclosure = enclosed(part, options, scratch, shared, null);
  const started = startOf(node, inspect, enclosure);
  const host = new HostProcess(started.command, started.args, {
    folder: scratch.folder,
    env: hostEnvironment({ ...surroundings(enclosure), ...options.env }),
    limits: { ...USUAL_LIMITS, stall: USUAL_LIMITS.stall * pace },
    ...(enclosure === null ? {} : { enclosure }),
  });
  if (inspect) host.output.echo(process.stderr);
  const forget = atExit(() => void host.kill());
  return { process: host, scratch, enclosure, release: forget };
}

function startOf(node: readonly string[], inspect: boolean, enclosure: Enclosure | null) {
  // Who holds a debugger may take all day.
  if (inspect) return { command: process.execPath, args: node };
  if (enclosure === null) return underCeiling(process.execPath, node, USUAL_CEILING);
  return enclosure.command(process.execPath, node, HOST_DESCRIPTORS);
}

/** The pipes of a host, see host/channel.ts. */
const HOST_DESCRIPTORS = [3, 4];

/** A namespace for one process of this part; null at the other levels. `redis`: the port on which it finds Redis. */
export function enclosed(
  part: Part,
  options: BootOptions,
  scratch: Scratch,
  shared: Scratch | null,
  redis: number | null,
): Enclosure | null {
  if (options.isolation !== 'namespace' || options.inspect) return null;
  const packages = packageFolders(options.root, loadedPackages(part));
  const { read, write } = access(part, options, scratch, shared);
  const view = packages.length === 0 ? null : packageView(options.root, packages);
  const shown = read.filter((path) => !write.includes(path) && (view === null || !packages.includes(path)));
  const moved = view === null ? [] : [{ from: view, to: join(options.root, 'node_modules') }];
  return new Enclosure({
    wall: { read: shown, write, moved },
    launcher: join(dirname(options.hostFile), 'launcher.mjs'),
    folder: scratch.folder,
    redis,
    cpuSeconds: USUAL_CEILING.cpuSeconds * (options.pace ?? 1),
  });
}

/** What a process in a namespace is told because it cannot see it for itself. */
export function surroundings(enclosure: Enclosure | null): Record<string, string> {
  return enclosure === null ? {} : timeZone();
}

/** Ends a host and removes its folder. Resolves when it is gone. */
export async function endHost(host: LiveHost): Promise<void> {
  await host.process.kill();
  host.release();
  host.scratch.remove();
}

/** The flags of Node.js for a part of kind `program`, which is a process of its own. */
export function programFlags(
  part: Part,
  options: BootOptions,
  scratch: Scratch,
  shared: Scratch | null,
): string[] {
  const flags = options.isolation === 'none' ? [] : permissionFlags(access(part, options, scratch, shared));
  return [...QUIET, '--enable-source-maps', '--max-old-space-size=256', ...flags];
}

/** Equal for parts whose hosts may stand in for each other: they load the same, and may reach the same. */
export function accessKey(part: Part): string {
  return [writesFiles(part), ...loadedPackages(part)].join();
}

/** Whether a part needs a folder for what it writes. */
export function writesFiles(part: Part): boolean {
  return part.packages.includes('better-sqlite3') || part.kind === 'program';
}

/** A program is a process of its own, files are only read, and tests run in processes of their own (tests/run.ts). */
export function runsInHost({ kind }: Part): boolean {
  return kind !== 'program' && kind !== 'files' && kind !== 'tests';
}

/** Node's remarks on the flags of a host are none of the learner's business. */
const QUIET = ['--disable-warning=ExperimentalWarning', '--disable-warning=SecurityWarning'];

/** Parts of SQL files import nothing, and are run by better-sqlite3 all the same. */
function loadedPackages(part: Part): string[] {
  return part.kind === 'sql' ? ['better-sqlite3'] : part.packages;
}

function access(
  part: Part,
  { root, hostFile }: BootOptions,
  scratch: Scratch,
  shared: Scratch | null,
): HostAccess {
  const packages = loadedPackages(part);
  const written = writesFiles(part) && shared !== null ? [shared.folder] : [];
  return {
    read: [
      ...(runsInHost(part) ? [hostFile] : []),
      ...(part.kind === 'tests' ? [hostFile, join(dirname(hostFile), 'tests')] : []),
      scratch.folder,
      ...written,
      ...packageFolders(root, packages),
    ],
    write: written,
    addons: packages.includes('better-sqlite3'),
  };
}
