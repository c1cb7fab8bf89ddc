import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import type { TypeNote } from '../verdict/type-notes.ts';

const WITHIN = 10_000;
const OUTPUT_LIMIT = 1 << 20;
const FINDING = /^(.+?)\((\d+),(\d+)\): error (TS\d+: .*)$/;

/** Strict, but without the rules that ask for proof of what a beginner can see. */
const OPTIONS = [
  '--noEmit',
  '--ignoreConfig',
  '--strict',
  '--skipLibCheck',
  '--allowImportingTsExtensions',
  '--pretty',
  'false',
  '--target',
  'es2023',
  '--module',
  'nodenext',
  '--types',
  'node',
];

/**
 * What the TypeScript compiler says about the learner's files. Types never decide a verdict: a program with a wrong type
 * can be right. Nothing where the compiler is not installed or takes too long.
 */
export async function typeNotes(root: string, folder: string, files: Iterable<string>): Promise<TypeNote[]> {
  const sources = [...files].filter((file) => /\.m?ts$/.test(file)).map((file) => join(folder, file));
  const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  if (sources.length === 0 || !existsSync(compiler)) return [];
  const output = await new Promise<string>((resolve) => {
    execFile(
      process.execPath,
      [compiler, ...OPTIONS, ...sources],
      { cwd: root, timeout: WITHIN, killSignal: 'SIGKILL', maxBuffer: OUTPUT_LIMIT, windowsHide: true },
      // The compiler ends with 1 or 2 when it finds something; what it printed is all that counts.
      (_error, stdout) => resolve(stdout),
    );
  });
  return output.split(/\r?\n/).flatMap((line) => noteOf(line, root, folder));
}

function noteOf(line: string, root: string, folder: string): TypeNote[] {
  const [, file, row, column, text] = FINDING.exec(line) ?? [];
  if (file === undefined || text === undefined) return [];
  const inside = relative(folder, join(root, file)).split(sep).join('/');
  // What it finds in packages is none of the learner's business.
  if (inside.startsWith('..')) return [];
  return [{ file: inside, line: Number(row), column: Number(column), text }];
}
