import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { atExit } from '../../subject/exit.ts';
import { memoryOfGroup } from './processes.ts';
import { corpusFolder } from './workbook.ts';

/** What became of the one test of a wrong program. */
export type Fate =
  | 'the test passed'
  | 'the test was left out'
  | 'the test is gone'
  | 'the test failed'
  | 'the test could not begin';

/** What a run may take before it is ended: milliseconds, bytes of memory, characters of output. */
export type PlainLimits = { ms: number; memory: number; output: number };

/**
 * `fates`: by name of a program; empty where the run left no report. `printed`: what the run said to whoever reads along.
 * `beyond`: the limit at which it was ended; null: it ended by itself. `signal`: what ended it.
 */
export type PlainRun = {
  fates: ReadonlyMap<string, Fate>;
  printed: string;
  beyond: keyof PlainLimits | null;
  signal: NodeJS.Signals | null;
};

/** Files of a program in the place of the usual ones, by name; `trick.ts` is always written. */
export type PlainFiles = Readonly<Record<string, string>>;

const report = z.object({
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      assertionResults: z.array(z.object({ title: z.string(), status: z.string() })),
    }),
  ),
});

const nodeModules = join(corpusFolder, '..', '..', '..', 'node_modules');

/** What hardly any run comes near. The memory of a run is not looked at then. */
const WIDE: PlainLimits = { ms: 180_000, memory: 8 * 2 ** 30, output: 2 ** 30 };

/** How often the memory of a run is looked at, in milliseconds. */
const LOOK_EVERY = 100;

/**
 * A small project of programs that are wrong, with one test each that says so, for Vitest alone: it loads a program beside
 * its test. Each program has a trick, which is imported before everything else.
 */
export class PlainProject {
  readonly folder: string;

  constructor() {
    this.folder = realpathSync(mkdtempSync(join(tmpdir(), 'plain-')));
    symlinkSync(nodeModules, join(this.folder, 'node_modules'), 'junction');
  }

  /** `more`: other files beside the trick, or in the place of the usual ones. */
  add(name: string, trick: string, more: PlainFiles = {}): void {
    const at = join(this.folder, name);
    mkdirSync(at);
    const usual = {
      'trick.ts': trick,
      'double.ts': `import './trick.ts';\nexport const double = (n: number) => n;\n`,
      'double.test.ts': [
        `import { expect, test } from 'vitest';`,
        `import { double } from './double.ts';`,
        `test('doubles', async () => {`,
        `  // A line of the suite of ${name}.`,
        `  expect(double(2)).toBe(4);`,
        `});`,
        ``,
      ].join('\n'),
    };
    for (const [file, text] of Object.entries({ ...usual, ...more })) writeFileSync(join(at, file), text);
  }

  /** Runs all of them at once. `env`: variables of whoever judges. */
  async run(env: Readonly<Record<string, string>> = {}, limits: PlainLimits = WIDE): Promise<PlainRun> {
    const runner = [
      process.execPath,
      join(nodeModules, 'vitest', 'vitest.mjs'),
      'run',
      '--root',
      this.folder,
    ];
    return await this.runWith(runner, env, limits);
  }

  /** Runs the tests with a command that takes the options of Vitest. */
  async runWith(
    [program = '', ...args]: readonly string[],
    env: Readonly<Record<string, string>> = {},
    limits: PlainLimits = WIDE,
  ): Promise<PlainRun> {
    const outputFile = join(this.folder, 'report.json');
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${outputFile}`];
    const child = spawn(program, [...args, ...reporters], {
      cwd: this.folder,
      stdio: ['ignore', 'pipe', 'pipe'],
      // A group of its own, so that nothing of it is left when it is ended.
      detached: process.platform !== 'win32',
      env: { PATH: process.env.PATH ?? '', TMPDIR: this.folder, ...env },
    });
    const forget = atExit(() => endGroup(child));
    let printed = '';
    let beyond: PlainRun['beyond'] = null;
    const end = (limit: keyof PlainLimits): void => {
      beyond ??= limit;
      endGroup(child);
    };
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        if (printed.length < limits.output) printed += chunk.toString('latin1');
        else end('output');
      });
    }
    const late = setTimeout(() => end('ms'), limits.ms);
    const look = setInterval(() => {
      if (limits !== WIDE && memoryOfGroup(child.pid) > limits.memory) end('memory');
    }, LOOK_EVERY);
    const [, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
    clearTimeout(late);
    clearInterval(look);
    forget();
    endGroup(child);
    return { fates: fatesIn(outputFile), printed, beyond, signal };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

function fatesIn(outputFile: string): PlainRun['fates'] {
  if (!existsSync(outputFile)) return new Map();
  const { testResults } = report.parse(JSON.parse(readFileSync(outputFile, 'utf8')));
  return new Map(
    testResults.map(({ name, status, assertionResults }) => {
      const judged = assertionResults.find(({ title }) => title === 'doubles')?.status;
      return [basename(dirname(name)), fateOf(status, judged)];
    }),
  );
}

/** Ends a run with all that it started and that stayed with it. */
function endGroup(child: ChildProcess): void {
  try {
    process.kill(-(child.pid ?? Number.NaN), 'SIGKILL');
  } catch {
    // There are no groups here, or nothing of it is left.
    child.kill('SIGKILL');
  }
}

/** `file`: whether the report calls the whole file passed. */
function fateOf(file: string, judged: string | undefined): Fate {
  if (judged === 'failed') return 'the test failed';
  if (file !== 'passed') return 'the test could not begin';
  if (judged === undefined) return 'the test is gone';
  return judged === 'passed' ? 'the test passed' : 'the test was left out';
}
