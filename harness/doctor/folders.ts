import { join } from 'node:path';
import { fail, ok, warn } from './finding.ts';
import type { Finding } from './finding.ts';
import type { Tried, World } from './world.ts';

const MEGABYTE = 1024 * 1024;

/** Less than this is too little for one check, in bytes; and less than that may not last for a day of work. */
const TOO_LITTLE = 50 * MEGABYTE;
const LITTLE = 500 * MEGABYTE;

/** Where the workbook keeps its build and the progress, and where learners write. */
export async function writable(world: World): Promise<Finding[]> {
  const findings = [
    ['.workbook', 'fail', 'the build and your progress are kept here'],
    ['exercises', 'warn', 'you edit your files here'],
  ] as const;
  return Promise.resolve(
    findings.map(([folder, state, what]) => {
      const tried = world.write(join(world.root, folder));
      if (tried.ok) return ok(folder, `can be written: ${what}`);
      return { name: folder, state, text: `${why(tried)} (${what})`, fix: remedy(tried, folder, world) };
    }),
  );
}

export async function temporary(world: World): Promise<Finding[]> {
  const tried = world.write(world.temp);
  if (tried.ok) return Promise.resolve([ok('temporary files', `${world.temp} can be written`)]);
  const fix =
    world.platform === 'win32'
      ? 'Set the variable TEMP to a folder of yours, and open a new terminal'
      : 'export TMPDIR="$HOME/tmp" && mkdir -p "$TMPDIR"';
  return Promise.resolve([fail('temporary files', `${world.temp}: ${why(tried)}`, fix)]);
}

export async function space(world: World): Promise<Finding[]> {
  const places = [
    ['disk space', world.root, 'npm cache clean --force, and empty the bin of your system'],
    ['space for temporary files', world.temp, `Remove what you do not need from ${world.temp}`],
  ] as const;
  return Promise.resolve(
    places.map(([name, folder, fix]) => {
      const free = world.free(folder);
      if (free === null) return warn(name, 'How much is free could not be found out.', null);
      const text = `${amount(free)} free`;
      if (free < TOO_LITTLE) return fail(name, `${text}, which is too little for a check.`, fix);
      return free < LITTLE ? warn(name, `${text}, which will not last.`, fix) : ok(name, text);
    }),
  );
}

/** Ports of this machine alone: programs are met there. */
export async function ports(world: World): Promise<Finding[]> {
  const name = 'ports';
  const any = await world.listen(0);
  if (!any.ok) {
    const text = `No port of 127.0.0.1 can be opened (${any.code}), so no program can be met.`;
    const fix =
      'Look whether a firewall or a sandbox keeps Node.js from listening on 127.0.0.1, and allow it';
    return [fail(name, text, fix)];
  }
  const usual = await world.listen(4000);
  if (usual.ok) return [ok(name, '127.0.0.1 can be listened on, and port 4000 is free')];
  return [
    ok(name, '127.0.0.1 can be listened on. Port 4000 is taken: `npm run serve` takes the next free one'),
  ];
}

/** Files that differ in upper and lower case alone, where the file system sees one file. */
export async function letterCase(world: World): Promise<Finding[]> {
  const ignores = world.ignoresCase(join(world.root, '.workbook'));
  if (ignores !== true) return Promise.resolve([]);
  const text =
    'This file system does not tell Books.ts from books.ts, but a check does: write imports just as the files are called';
  return Promise.resolve([ok('file names', text)]);
}

function why(tried: Extract<Tried, { ok: false }>): string {
  switch (tried.code) {
    case 'EROFS':
      return 'The disk is read-only.';
    case 'EACCES':
    case 'EPERM':
      return 'You have no permission to write here.';
    case 'ENOSPC':
      return 'The disk is full.';
    case 'ENOENT':
      return 'It does not exist.';
    case 'ENOTDIR':
      return 'There is a file in the place of this folder.';
    default:
      return `It cannot be written: ${tried.message}`;
  }
}

function remedy({ code }: Extract<Tried, { ok: false }>, folder: string, { platform }: World): string {
  if (code === 'EROFS') return 'Clone the workbook to a disk that you may write, and run npm ci there';
  if (code === 'ENOSPC') return 'Make room on the disk: npm cache clean --force';
  if (code === 'ENOENT') return `git restore ${folder}`;
  if (code === 'ENOTDIR') return `Move the file ${folder} to another place`;
  return platform === 'win32'
    ? `icacls ${folder} /grant "%USERNAME%":(OI)(CI)F /T`
    : `sudo chown -R "$(id -un)" ${folder} && chmod -R u+rwX ${folder}`;
}

function amount(bytes: number): string {
  const megabytes = Math.floor(bytes / MEGABYTE);
  return megabytes < 2048 ? `${megabytes} MB` : `${Math.floor(megabytes / 1024)} GB`;
}
