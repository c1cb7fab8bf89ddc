import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { summary } from './statistics.ts';

/** One command as a person types it, and where. */
export type BenchCommand = { line: readonly string[]; cwd: string };

export type BenchResult = {
  check: Measured;
  plain: Measured;
  /** Median of the check by median of plain Vitest; below 1 the check is faster. */
  ratio: number;
  runs: number;
  cores: number;
  node: string;
};

/** `line` as typed; times in milliseconds. */
export type Measured = { line: string; min: number; median: number; max: number };

/** One run that fails after this long is no measurement, in milliseconds. */
const RUN_WITHIN = 120_000;

/** The exercises that have a plain suite, by id. */
export function benchable(root: string): string[] {
  return readdirSync(plainFolder(root)).toSorted();
}

/**
 * A cold check of a solved exercise beside plain Vitest on an equivalent suite, both started through npm, in turn, after
 * one run of each that does not count. Throws an Error when one of the two fails.
 */
export async function bench(
  root: string,
  id: string,
  runs: number,
  onRun: (done: number) => void,
): Promise<BenchResult> {
  const check = {
    line: ['npm', 'run', '-s', 'check', '--', id, '--from', `solutions/${id}`],
    cwd: root,
  };
  const plain = { line: ['npm', 'run', '-s', 'test'], cwd: writePlainSuite(root, id) };
  const times = { check: [] as number[], plain: [] as number[] };
  for (let run = 0; run <= runs; run++) {
    const [a, b] = [await time(check), await time(plain)];
    if (run > 0) {
      times.check.push(a);
      times.plain.push(b);
    }
    onRun(run);
  }
  const [ours, theirs] = [summary(times.check), summary(times.plain)];
  return {
    check: { line: check.line.join(' '), ...ours },
    plain: { line: `${plain.line.join(' ')}   (vitest run, in .workbook/bench/plain/${id})`, ...theirs },
    ratio: ours.median / theirs.median,
    runs,
    cores: availableParallelism(),
    node: process.version,
  };
}

/** How long plain Vitest takes for one program, run after run; and how much computing one takes. In milliseconds. */
export async function timePlain(
  root: string,
  id: string,
  runs: number,
): Promise<{ times: number[]; cpu: number | null }> {
  const plain = { line: ['npm', 'run', '-s', 'test'], cwd: writePlainSuite(root, id) };
  await time(plain);
  const before = childrenCpu();
  const times: number[] = [];
  for (let run = 0; run < runs; run++) times.push(await time(plain));
  const after = childrenCpu();
  return { times, cpu: before === null || after === null ? null : (after - before) / runs };
}

/** Linux counts in hundredths of a second, on every machine that Node.js runs on. */
const TICK_MS = 10;

/** What the children of this process computed that have ended, and theirs, in milliseconds; null: unknown here. */
export function childrenCpu(): number | null {
  try {
    const stat = readFileSync('/proc/self/stat', 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[13]) + Number(fields[14])) * TICK_MS;
  } catch {
    return null;
  }
}

/**
 * The same rules, with the same requests and hashes, as a teacher would write them who has never heard of this workbook:
 * Vitest and supertest, the program imported by its tests. The files lie as deep below the root as those they are copied
 * from, so that their imports hold.
 */
function writePlainSuite(root: string, id: string): string {
  const folder = join(root, '.workbook', 'bench', 'plain', id);
  const from = join(plainFolder(root), id);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(from))
    cpSync(join(from, name), join(folder, name.replace('.plain.ts', '.test.ts')));
  writeFileSync(
    join(folder, 'package.json'),
    '{ "type": "module", "private": true, "scripts": { "test": "vitest run" } }\n',
  );
  writeFileSync(
    join(folder, 'vitest.config.ts'),
    "import { defineConfig } from 'vitest/config';\n\nexport default defineConfig({ test: {} });\n",
  );
  return folder;
}

function plainFolder(root: string): string {
  return join(root, 'harness', 'bench', 'plain');
}

function time({ line, cwd }: BenchCommand): Promise<number> {
  const [command = '', ...args] = line;
  return new Promise((resolve, reject) => {
    const begun = performance.now();
    // npm is a script on Windows, which only a shell starts; the words are all ours.
    const child = spawn(command, args, {
      cwd,
      shell: process.platform === 'win32',
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: RUN_WITHIN,
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.on('error', reject);
    child.on('close', (code) => {
      const took = performance.now() - begun;
      if (code === 0) resolve(took);
      else reject(new Error(`${line.join(' ')} ended with ${code}:\n${output.slice(-2000)}`));
    });
  });
}
