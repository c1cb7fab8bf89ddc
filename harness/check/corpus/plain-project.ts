import { spawn } from 'node:child_process';
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
import { corpusFolder } from './workbook.ts';

/** What became of the one test of a wrong program. */
export type Fate =
  | 'the test passed'
  | 'the test was left out'
  | 'the test is gone'
  | 'the test failed'
  | 'the test could not begin';

/** `fates`: by name of a program. `printed`: what the run said to whoever reads along. */
export type PlainRun = { fates: ReadonlyMap<string, Fate>; printed: string };

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

/** A run that takes longer is ended, in milliseconds. */
const LONGEST = 180_000;

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

  /** `more`: other files beside the trick, by name. */
  add(name: string, trick: string, more: Readonly<Record<string, string>> = {}): void {
    const at = join(this.folder, name);
    mkdirSync(at);
    for (const [file, text] of Object.entries(more)) writeFileSync(join(at, file), text);
    writeFileSync(join(at, 'trick.ts'), trick);
    writeFileSync(join(at, 'double.ts'), `import './trick.ts';\nexport const double = (n: number) => n;\n`);
    const lines = [
      `import { expect, test } from 'vitest';`,
      `import { double } from './double.ts';`,
      `test('doubles', async () => {`,
      `  expect(double(2)).toBe(4);`,
      `});`,
    ];
    writeFileSync(join(at, 'double.test.ts'), `${lines.join('\n')}\n`);
  }

  /** Runs all of them at once. `env`: variables of whoever judges. */
  async run(env: Readonly<Record<string, string>> = {}): Promise<PlainRun> {
    const outputFile = join(this.folder, 'report.json');
    const child = spawn(
      process.execPath,
      [
        join(nodeModules, 'vitest', 'vitest.mjs'),
        'run',
        '--root',
        this.folder,
        '--reporter=default',
        '--reporter=json',
        `--outputFile.json=${outputFile}`,
      ],
      {
        cwd: this.folder,
        stdio: ['ignore', 'pipe', 'pipe'],
        env: { PATH: process.env.PATH ?? '', TMPDIR: this.folder, ...env },
      },
    );
    let printed = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => (printed += chunk.toString('latin1')));
    }
    const late = setTimeout(() => child.kill('SIGKILL'), LONGEST);
    await once(child, 'exit');
    clearTimeout(late);
    if (!existsSync(outputFile)) return { fates: new Map(), printed };
    const { testResults } = report.parse(JSON.parse(readFileSync(outputFile, 'utf8')));
    const fates = new Map(
      testResults.map(({ name, status, assertionResults }) => {
        const judged = assertionResults.find(({ title }) => title === 'doubles')?.status;
        return [basename(dirname(name)), fateOf(status, judged)];
      }),
    );
    return { fates, printed };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** `file`: whether the report calls the whole file passed. */
function fateOf(file: string, judged: string | undefined): Fate {
  if (judged === 'failed') return 'the test failed';
  if (file !== 'passed') return 'the test could not begin';
  if (judged === undefined) return 'the test is gone';
  return judged === 'passed' ? 'the test passed' : 'the test was left out';
}
