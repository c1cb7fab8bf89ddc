import { accessSync, constants, existsSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { Scratch } from '../scratch.ts';

/** The program that makes the walls. */
export const BWRAP = 'bwrap';

let found: string | null = null;

/** Its path, from the folders of PATH: what runs inside gets an environment of its own, and this is not looked for there. */
export function bwrapPath(): string {
  found ??=
    (process.env['PATH'] ?? '')
      .split(delimiter)
      .map((folder) => join(folder, BWRAP))
      .find(isProgram) ?? BWRAP;
  return found;
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** What a process behind walls may see of this machine, at the same paths as outside. All absolute. */
export type Wall = {
  /** Files and folders that it may read. */
  read: readonly string[];
  /** Folders that it may write. */
  write: readonly string[];
  /** Files and folders that it may read at another path. */
  moved?: readonly { from: string; to: string }[];
};

/** The user and the group as which programs run inside; whoever starts them owns what they write. */
const INSIDE_ID = '1000';

let node: Wall | null = null;

/** What any process of Node.js needs: its binary, the libraries it is linked with, and the shell that sets its limits. */
export function nodeWall(): Wall {
  node ??= { read: [process.execPath, SHELL, ...libraries()], write: [], moved: systemFiles() };
  return node;
}

/** What stands in the files of /etc that a program may ask for, through `localhost` or `os.userInfo()` for example. */
const SYSTEM_FILES: Readonly<Record<string, string>> = {
  hosts: '127.0.0.1 localhost\n::1 localhost\n',
  'nsswitch.conf': 'passwd: files\ngroup: files\nhosts: files\n',
  passwd: `workbook:x:${INSIDE_ID}:${INSIDE_ID}::/:/bin/sh\n`,
  group: `workbook:x:${INSIDE_ID}:\n`,
};

function systemFiles(): { from: string; to: string }[] {
  // One folder for this process; it goes at its exit.
  const { folder } = new Scratch();
  return Object.entries(SYSTEM_FILES).map(([name, text]) => {
    const from = join(folder, name);
    writeFileSync(from, text);
    return { from, to: `/etc/${name}` };
  });
}

/**
 * The arguments with which bubblewrap makes the walls: namespaces of its own for users, processes, the network, mounts,
 * messages, the host's name; nothing to see of the machine but what is named; nothing to write but the folders for it. No
 * process behind them outlives the one that started bubblewrap.
 */
export function wallArguments({ read, write, moved = [] }: Wall, folder = '/'): string[] {
  const args = [...NAMESPACES, '--uid', INSIDE_ID, '--gid', INSIDE_ID, '--hostname', 'workbook'];
  for (const path of read) args.push('--ro-bind', path, path);
  args.push('--ro-bind-try', LOADER_CACHE, LOADER_CACHE);
  for (const path of write) args.push('--bind', path, path);
  for (const { from, to } of moved) args.push('--ro-bind', from, to);
  return [...args, ...OF_THE_SYSTEM, '--chdir', folder];
}

const NAMESPACES =
  '--unshare-user --unshare-ipc --unshare-pid --unshare-net --unshare-uts --unshare-cgroup-try --disable-userns --die-with-parent --new-session'.split(
    ' ',
  );

/** After everything that is bound: folders on the way to it could not be made any more. */
const OF_THE_SYSTEM = '--proc /proc --dev /dev --remount-ro /dev --remount-ro /'.split(' ');

const SHELL = '/bin/sh';

/** Where the loader finds libraries that lie in no usual folder. */
const LOADER_CACHE = '/etc/ld.so.cache';

/** The shared libraries of this process, under the names by which the loader found them: those of every Node.js here. */
function libraries(): string[] {
  const { sharedObjects = [] } = process.report.getReport() as { sharedObjects?: string[] };
  return sharedObjects.filter(
    (path) => path.startsWith('/') && path !== process.execPath && existsSync(path),
  );
}

/**
 * The time zone of this machine, as a variable of the environment. It stands in a file elsewhere, which is not to be seen
 * inside. Nothing where it is UTC, which is what a process without the file takes.
 */
export function timeZone(): Record<string, string> {
  const { timeZone: name } = Intl.DateTimeFormat().resolvedOptions();
  return name === 'UTC' || name === undefined ? {} : { TZ: name };
}
