import type { Part } from '../catalog/exercise.ts';
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
  isolation: Exclude<Isolation, 'namespace'>;
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
  const host = new HostProcess(process.execPath, [...args, hostFile, ...loadedPackages(part)], {
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

/** Equal for parts whose hosts may stand in for each other: they load the same, and may reach the same. */
export function accessKey(part: Part): string {
  return [usesDatabase(part), ...loadedPackages(part)].join();
}

export function usesDatabase(part: Part): boolean {
  return part.packages.includes('better-sqlite3');
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
  const databases = usesDatabase(part) && shared !== null ? [shared.folder] : [];
  return {
    read: [hostFile, scratch.folder, ...databases, ...packageFolders(root, packages)],
    write: databases,
    addons: packages.includes('better-sqlite3'),
  };
}
