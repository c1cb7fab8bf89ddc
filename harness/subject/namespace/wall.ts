import { existsSync } from 'node:fs';

/** The program that makes the walls. Looked for in the folders of PATH. */
export const BWRAP = 'bwrap';

/** What a process behind walls may see of this machine, at the same paths as outside. All absolute. */
export type Wall = {
  /** Files and folders that it may read. */
  read: readonly string[];
  /** Folders that it may write. */
  write: readonly string[];
};

/** The user and the group as which programs run inside; whoever starts them owns what they write. */
const INSIDE_ID = '1000';

let system: readonly string[] | null = null;

/** What any process of Node.js needs: its binary, the libraries it is linked with, and the shell that sets its limits. */
export function nodeWall(): Wall {
  system ??= [process.execPath, SHELL, ...libraries()];
  return { read: system, write: [] };
}

/**
 * The arguments with which bubblewrap makes the walls: namespaces of its own for users, processes, the network, mounts,
 * messages, the host's name; nothing to see of the machine but what is named; nothing to write but the folders for it. No
 * process behind them outlives the one that started bubblewrap.
 */
export function wallArguments({ read, write }: Wall, folder = '/'): string[] {
  const args = [
    ...['--unshare-user', '--unshare-ipc', '--unshare-pid', '--unshare-net', '--unshare-uts'],
    ...['--unshare-cgroup-try', '--disable-userns', '--die-with-parent', '--new-session'],
    ...['--uid', INSIDE_ID, '--gid', INSIDE_ID, '--hostname', 'workbook'],
  ];
  for (const path of read) args.push('--ro-bind', path, path);
  for (const path of ['/etc/ld.so.cache']) args.push('--ro-bind-try', path, path);
  for (const path of write) args.push('--bind', path, path);
  return [
    ...args,
    '--proc',
    '/proc',
    '--dev',
    '/dev',
    '--remount-ro',
    '/dev',
    '--remount-ro',
    '/',
    '--chdir',
    folder,
  ];
}

const SHELL = '/bin/sh';

/** The shared libraries of this process, under the names by which the loader found them: those of every Node.js here. */
function libraries(): string[] {
  const { sharedObjects = [] } = process.report.getReport() as { sharedObjects?: string[] };
  return sharedObjects.filter(
    (path) => path.startsWith('/') && path !== process.execPath && existsSync(path),
  );
}
