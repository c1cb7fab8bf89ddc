import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

/** A writer of this folder, running as a child process. */
export type Writer = {
  child: ChildProcess;
  /** Resolves with the first whole line that begins with `word`; rejects when the process ends without one. */
  first(word: string): Promise<string>;
  /** Resolves when the process has ended and all it printed has arrived. */
  ended: Promise<Ending>;
};

export type Ending = {
  code: number | null;
  signal: NodeJS.Signals | null;
  /** Whole lines it printed. What a kill cut off is not among them. */
  lines: string[];
  stderr: string;
};

const require = createRequire(import.meta.url);

/** The Node.js arguments that run a writer's TypeScript as it is. Slow to start: about 0.3 s. */
export function throughTsx(name: string): string[] {
  const tsx = pathToFileURL(require.resolve('tsx')).href;
  return ['--import', tsx, path.join(import.meta.dirname, `${name}.ts`)];
}

/** Compiles a writer into `folder` and returns the Node.js arguments that run it. */
export async function compiled(name: string, folder: string): Promise<string[]> {
  const outfile = path.join(folder, `${name}.mjs`);
  await build({
    entryPoints: [path.join(import.meta.dirname, `${name}.ts`)],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    external: ['better-sqlite3'],
    logLevel: 'silent',
  });
  return [outfile];
}

/** Where writers find better-sqlite3: their last argument. */
export const LOAD_FROM = import.meta.filename;

/**
 * Starts a program with an environment of its own. With `input: 'none'` its input has ended already; with `hold` it
 * ends with `child.stdin.end()`.
 */
export function startWriter(
  command: string,
  args: string[],
  options: { input: 'none' | 'hold' } = { input: 'none' },
): Writer {
  const child = spawn(command, args, {
    stdio: [options.input === 'none' ? 'ignore' : 'pipe', 'pipe', 'pipe'],
  });
  const lines: string[] = [];
  const waiting: { word: string; resolve: (line: string) => void; reject: (error: Error) => void }[] = [];
  let rest = '';
  let stderr = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    const parts = (rest + text).split('\n');
    rest = parts.pop() ?? '';
    for (const line of parts) {
      lines.push(line);
      for (const one of waiting) if (line.startsWith(one.word)) one.resolve(line);
    }
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const ended = new Promise<Ending>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      for (const one of waiting) one.reject(new Error(`the writer printed no "${one.word}" line: ${stderr}`));
      resolve({ code, signal, lines, stderr });
    });
  });
  return {
    child,
    ended,
    first: (word) => {
      const seen = lines.find((line) => line.startsWith(word));
      if (seen !== undefined) return Promise.resolve(seen);
      return new Promise((resolve, reject) => waiting.push({ word, resolve, reject }));
    },
  };
}

/** The ids of the passes that a writer said are recorded. */
export function recordedIds(lines: readonly string[]): string[] {
  return lines.filter((line) => line.startsWith('recorded ')).map((line) => line.slice('recorded '.length));
}
