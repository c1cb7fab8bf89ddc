import type { Part } from '../catalog/exercise.ts';
import { underCeiling, USUAL_CEILING } from './ceiling.ts';
import { atExit } from './exit.ts';
import { hostEnvironment, permissionFlags } from './isolation.ts';
import type { HostAccess, Isolation } from './isolation.ts';
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
  /** Multiplies all time limits; 1 when left out. */
  pace?: number;
};

/** A host with its folder. It is ended by `endHost`, and at exit at the latest. */
export type LiveHost = { process: HostProcess; scratch: Scratch; release: () => void };

/** Starts a host that may run this part and has loaded nobody's code. `shared`: where databases lie. */
export function bootHost(part: Part, options: BootOptions, shared: Scratch | null): LiveHost {
  const { hostFile, isolation, inspect } = options;
  const scratch = new Scratch();
  scratch.linkPackages(options.root, part.packages);
  const args = [...QUIET, '--max-old-space-size=256'];
  if (inspect) args.push('--inspect-brk=127.0.0.1:0');
  else if (isolation === 'permission') args.push(...permissionFlags(access(part, options, scratch, shared)));
  const node = [...args, hostFile, ...loadedPackages(part)];
  // Who holds a debugger may take all day.
  const started = inspect
    ? { command: process.execPath, args: node }
    : underCeiling(process.execPath, node, USUAL_CEILING);
  const host = new HostProcess(started.command, started.args, {
    folder: scratch.folder,
    env: hostEnvironment(options.env),
    limits: { ...USUAL_LIMITS, stall: USUAL_LIMITS.stall * (options.pace ?? 1) },
  });
  if (inspect) host.output.echo(process.stderr);
  const forget = atExit(() => void host.kill());
  return { process: host, scratch, release: forget };
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
  const flags =
    options.isolation === 'permission' ? permissionFlags(access(part, options, scratch, shared)) : [];
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

/** A program is a process of its own, and files are only read. */
export function runsInHost({ kind }: Part): boolean {
  return kind !== 'program' && kind !== 'files';
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
      scratch.folder,
      ...written,
      ...packageFolders(root, packages),
    ],
    write: written,
    addons: packages.includes('better-sqlite3'),
  };
}
