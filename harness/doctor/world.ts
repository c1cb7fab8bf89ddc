import { lstatSync, readFileSync, rmSync, statfsSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runOnMachine } from '../subject/machine.ts';
import type { Ran } from '../subject/machine.ts';
import { reachOutside } from './reach.ts';

/** What came of a try that can fail for reasons of the machine. `code`: such as `EACCES`. */
export type Tried = { ok: true } | { ok: false; code: string; message: string };

/** All that the doctor sees of the machine. Tests give their own. */
export type World = {
  /** The workbook's folder, absolute. */
  root: string;
  platform: NodeJS.Platform;
  /** Such as `v22.13.1`. */
  node: string;
  env: Readonly<Record<string, string | undefined>>;
  /** The text of a file of the workbook, or of the system; null: it cannot be read. */
  read: (path: string) => string | null;
  /** Runs a program in the workbook's folder, without a shell. */
  run: (file: string, args: readonly string[]) => Promise<Ran>;
  /** Runs JavaScript in a process of its own, from the workbook's folder. */
  evaluate: (code: string) => Promise<Ran>;
  /** Whether a path of the workbook is a link. */
  isLink: (path: string) => boolean;
  /** Writes a file into a folder and takes it away again. */
  write: (folder: string) => Tried;
  /** The folder for temporary files. */
  temp: string;
  /** Free bytes where a folder lies; null: nobody knows. */
  free: (folder: string) => number | null;
  /** Whether `a` and `A` are one file in this folder; null: nobody knows. */
  ignoresCase: (folder: string) => boolean | null;
  /** Listens on a port of the loopback for a moment; 0: any. */
  listen: (port: number) => Promise<Tried>;
  /** What a host says that tries to read this file outside of its folders: `read`, or the code of its failure. */
  reachOutside: (file: string) => Promise<string>;
};

/** How long a program of the machine may take, in milliseconds. */
const PROGRAM_WITHIN = 8_000;

/** The machine as it is. `build`: the folder of the built harness. */
export function realWorld(root: string, build: string, env: World['env']): World {
  const run: World['run'] = async (file, args) =>
    await runOnMachine(file, args, { cwd: root, within: PROGRAM_WITHIN });
  return {
    root,
    platform: process.platform,
    node: process.version,
    env,
    read: (path) => attempt(() => readFileSync(path, 'utf8')),
    run,
    evaluate: async (code) => await run(process.execPath, ['--input-type=commonjs', '-e', code]),
    isLink: (path) => attempt(() => lstatSync(path).isSymbolicLink()) === true,
    write: writeIn,
    temp: tmpdir(),
    free: (folder) =>
      attempt(() => {
        const { bavail, bsize } = statfsSync(folder);
        return bavail * bsize;
      }),
    ignoresCase: (folder) => attempt(() => probeCase(folder)),
    listen: listenOn,
    reachOutside: async (file) => await reachOutside(root, build, file),
  };
}

function attempt<T>(run: () => T): T | null {
  try {
    return run();
  } catch {
    return null;
  }
}

function writeIn(folder: string): Tried {
  const file = join(folder, `.doctor-${process.pid}`);
  try {
    writeFileSync(file, 'x');
    rmSync(file);
    return { ok: true };
  } catch (error) {
    return failed(error);
  }
}

function probeCase(folder: string): boolean {
  const file = join(folder, `.doctor-case-${process.pid}-a`);
  writeFileSync(file, '');
  try {
    return attempt(() => statSync(`${file.slice(0, -1)}A`)) !== null;
  } finally {
    rmSync(file);
  }
}

function listenOn(port: number): Promise<Tried> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error) => resolve(failed(error)));
    server.listen({ host: '127.0.0.1', port, exclusive: true }, () => {
      server.close(() => resolve({ ok: true }));
    });
  });
}

function failed(error: unknown): Tried {
  const { code = '', message } = error as NodeJS.ErrnoException;
  return { ok: false, code, message };
}
