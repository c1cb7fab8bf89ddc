import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';

/** Where a command prints. `out` is for results, `err` for talk. */
export type Terminal = {
  out: (text: string) => void;
  err: (text: string) => void;
  columns: number;
  colour: boolean;
  unicode: boolean;
  /** Progress may be shown and wiped on `err`. */
  live: boolean;
  /** Prints a question on `err` and waits for a line; null: the input ended. Absent: nobody is there to answer. */
  ask?: (question: string) => Promise<string | null>;
};

type Environment = Readonly<Record<string, string | undefined>>;

/** All that a command knows of the world: tests give their own. */
export type Context = {
  /** The workbook's folder, absolute. */
  root: string;
  /** The folder of the built harness, absolute. */
  build: string;
  /** Where the person stands, absolute; relative paths start here. */
  cwd: string;
  env: Environment;
  terminal: Terminal;
  now: () => number;
};

/** 0 passed · 1 not passed · 2 wrong use or bad input · 3 locked · 4 the harness itself failed. */
export type ExitCode = 0 | 1 | 2 | 3 | 4;

/** What of a process a context is made from; tests give their own. */
export type ProcessParts = {
  env: Environment;
  platform: NodeJS.Platform;
  stdout: Stream;
  stderr: Stream;
  /** Absent: nobody can answer a question. */
  stdin?: NodeJS.ReadStream;
};

/** `isTTY` and `columns` are missing where a stream is no terminal; a terminal of unknown width says 0. */
type Stream = { write(text: string): unknown; isTTY?: boolean; columns?: number };

/** The context of this process. `root`: the workbook's folder. */
export function processContext(root: string, parts: ProcessParts = process): Context {
  const { env, stdout, stderr } = parts;
  const isDumb = env.TERM === 'dumb';
  return {
    root,
    build: join(root, '.workbook', 'build'),
    // npm changes to the workbook's folder and keeps where it was called from in INIT_CWD.
    cwd: env.INIT_CWD ?? process.cwd(),
    env,
    terminal: {
      out: (text) => void stdout.write(text),
      err: (text) => void stderr.write(text),
      columns: stdout.columns || 80,
      colour: stdout.isTTY === true && !isSet(env.NO_COLOR) && !isDumb,
      unicode: showsUnicode(parts),
      live: stderr.isTTY === true && !inCi(env) && !isDumb,
      ...askOf(parts),
    },
    now: Date.now,
  };
}

/** Questions are for a person at a terminal: who reads an answer from a pipe may read one that was meant for others. */
function askOf(parts: ProcessParts): Pick<Terminal, 'ask'> {
  const { env, stderr } = parts;
  // The input is looked at last: a process opens it when it is looked at.
  if (stderr.isTTY !== true || inCi(env)) return {};
  const { stdin } = parts;
  if (stdin?.isTTY !== true) return {};
  return {
    ask: async (question) => {
      stderr.write(question);
      // Without a terminal of its own, so that Ctrl-C stays the signal that ends the process.
      const lines = createInterface({ input: stdin, terminal: false });
      return await new Promise((resolve) => {
        lines.once('line', (line) => {
          resolve(line);
          lines.close();
        });
        lines.once('close', () => resolve(null));
      });
    },
  };
}

/** Whether a CI service runs this. Some people switch it off with `CI=false`. */
export function inCi(env: Environment): boolean {
  return isSet(env.CI) && env.CI !== 'false' && env.CI !== '0';
}

/** A variable that is empty counts as not set, as https://no-color.org asks for. */
function isSet(variable: string | undefined): boolean {
  return variable !== undefined && variable !== '';
}

/** Old Windows consoles and the Linux console have no ✓; whoever reads a file or a pipe gets UTF-8. */
function showsUnicode({ env, platform, stdout }: ProcessParts): boolean {
  if (stdout.isTTY !== true) return true;
  if (platform !== 'win32') return env.TERM !== 'linux';
  return env.WT_SESSION !== undefined || env.TERM_PROGRAM === 'vscode';
}

const packageFile = z.object({ version: z.string() });

/** The workbook's own version, written into every verdict. */
export function workbookVersion(root: string): string {
  return packageFile.parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))).version;
}
