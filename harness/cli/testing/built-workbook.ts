import { spawn } from 'node:child_process';
import type { ChildProcess, StdioOptions } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packageFolders } from '../../subject/packages.ts';
import { FIRST, SECOND, writeExercise } from './made-exercises.ts';

const HERE = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');

/** The commands of this room. Others are not built: their mistakes are theirs. */
const COMMANDS = [
  'check',
  'doctor',
  'grade',
  'grade-worker',
  'hint',
  'list',
  'reset',
  'serve',
  'skip',
  'solution',
  'start',
  'unlock',
  'watch',
];

export type Start = {
  env?: Record<string, string>;
  stdio?: StdioOptions;
  /** The number of the user (and of the group) to run as; only root can ask for it. */
  user?: number;
};

export type Ended = { code: number | null; out: string; err: string };

/**
 * A copy of this workbook with two made-up exercises, whose commands run as processes of their own. Making one and
 * building it takes a second or two: share it, call `restore` before each test, and `remove` at the end.
 */
export class BuiltWorkbook {
  readonly root: string;
  /** Where its processes put temporary files. Nothing may be left in it. */
  readonly temp: string;
  private readonly base: string;

  /** `installed`: packages that programs use. A host follows no link to them, so they are copied, with what they need. */
  constructor(installed: readonly string[] = []) {
    this.base = mkdtempSync(join(realpathSync.native(tmpdir()), 'workbook-cli-'));
    this.root = join(this.base, 'workbook');
    this.temp = join(this.base, 'temp');
    mkdirSync(join(this.root, 'scripts'), { recursive: true });
    mkdirSync(this.temp);
    // Whoever runs a command, root or not, has to get here.
    chmodSync(this.base, 0o755);
    chmodSync(this.temp, 0o777);
    for (const name of ['package.json', 'package-lock.json', 'harness']) {
      cpSync(join(HERE, name), join(this.root, name), { recursive: true });
    }
    for (const name of COMMANDS) {
      cpSync(join(HERE, 'scripts', `${name}.ts`), join(this.root, 'scripts', `${name}.ts`));
    }
    if (installed.length === 0) {
      symlinkSync(join(HERE, 'node_modules'), join(this.root, 'node_modules'), 'junction');
    } else this.install(packageFolders(HERE, installed));
  }

  /** One whose commands are built before the first test asks for one. */
  static async built(installed: readonly string[] = []): Promise<BuiltWorkbook> {
    const workbook = new BuiltWorkbook(installed);
    workbook.restore();
    await workbook.build();
    return workbook;
  }

  /** Builds the commands as a learner's first command does. */
  async build(): Promise<void> {
    const { code, err } = await this.run(['list']);
    if (code !== 0) throw new Error(err);
  }

  private install(copied: readonly string[]): void {
    const packages = join(this.root, 'node_modules');
    mkdirSync(packages);
    for (const entry of readdirSync(join(HERE, 'node_modules'), { withFileTypes: true })) {
      const from = join(HERE, 'node_modules', entry.name);
      if (copied.includes(from)) cpSync(from, join(packages, entry.name), { recursive: true });
      else if (entry.isDirectory()) symlinkSync(from, join(packages, entry.name), 'junction');
    }
  }

  /** As on the first day: untouched exercises, no progress. */
  restore(): void {
    for (const name of ['exercises', 'solutions'])
      rmSync(join(this.root, name), { recursive: true, force: true });
    writeExercise(this.root, FIRST);
    writeExercise(this.root, SECOND, { requires: [FIRST] });
    const kept = join(this.root, '.workbook');
    mkdirSync(kept, { recursive: true });
    for (const name of readdirSync(kept)) {
      if (name.startsWith('progress') || name === 'kept')
        rmSync(join(kept, name), { recursive: true, force: true });
    }
  }

  /** Adds a real exercise of this workbook, with its solution. */
  addReal(id: string): void {
    for (const name of ['exercises', 'solutions']) {
      cpSync(join(HERE, name, id), join(this.root, name, id), { recursive: true });
    }
  }

  /** The files and folders that processes left behind in the place for temporary ones. */
  leftovers(): string[] {
    return readdirSync(this.temp);
  }

  /** Takes away what a process left behind that had no chance to clean up. */
  sweep(): void {
    for (const name of this.leftovers()) rmSync(join(this.temp, name), { recursive: true, force: true });
  }

  /** Adds a script of its own; it is built with the next start. */
  addScript(name: string, text: string): void {
    writeFileSync(join(this.root, 'scripts', `${name}.ts`), text);
  }

  /** The command line of a command: file, then arguments. */
  commandLine(argv: readonly string[]): [file: string, ...args: string[]] {
    return [process.execPath, join(this.root, 'harness', 'build', 'run.mjs'), ...argv];
  }

  /** Starts any program in the workbook's folder with a bare environment. */
  spawn(
    [file, ...args]: [string, ...string[]],
    { env = {}, stdio = 'pipe', user }: Start = {},
  ): ChildProcess {
    const passed = ['PATH', 'HOME', 'SystemRoot', 'SystemDrive', 'USERPROFILE'].flatMap((name) => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value] as const];
    });
    const temp = { TMPDIR: this.temp, TEMP: this.temp, TMP: this.temp };
    return spawn(file, args, {
      cwd: this.root,
      env: { ...Object.fromEntries(passed), ...temp, ...env },
      stdio,
      ...(user === undefined ? {} : { uid: user, gid: user }),
    });
  }

  /** Runs a command to its end. */
  async run(argv: readonly string[], start: Start = {}): Promise<Ended> {
    return await ended(this.spawn(this.commandLine(argv), start));
  }

  remove(): void {
    rmSync(this.base, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** Collects what a process prints until it is gone. */
export async function ended(child: ChildProcess): Promise<Ended> {
  let out = '';
  let err = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => void (out += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => void (err += text));
  return await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, out, err }));
  });
}
