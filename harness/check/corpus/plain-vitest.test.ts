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
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { FORGERS } from './lists.ts';
import { trickOf } from './subject.ts';
import { corpusFolder } from './workbook.ts';

/**
 * The forgers of this corpus against Vitest alone, which loads the learner's code beside the tests: a program that is
 * wrong, one test that says so, and the trick. It shows that the tricks are real, and why the check judges from outside.
 */
const FOOLED: Readonly<Record<string, 'the test passed' | 'the test was left out' | 'the test is gone'>> = {
  'extends-expect': 'the test passed',
  'redefines-matcher': 'the test passed',
  'expects-failure': 'the test passed',
  'wraps-worker-line': 'the test passed',
  'swallows-rejections': 'the test passed',
  'marks-current-test': 'the test passed',
  'equals-everything': 'the test passed',
  'skips-tests': 'the test was left out',
  'adds-only-test': 'the test was left out',
  'agrees-with-everything': 'the test was left out',
  'exits-in-mid-air': 'the test was left out',
  'loses-what-is-pushed': 'the test is gone',
};

/** Tricks that Vitest withstands, and why: they are aimed at a judge of another build, ours among them. */
const WITHSTOOD: Readonly<Record<string, string>> = {
  'rewrites-json': 'results travel as structured clones, not as JSON',
  'rewrites-buffers': 'results are not put into buffers by this code',
  'silences-events': 'a failure is a return value, not an event',
  'patches-servers': 'this test starts no server',
  'pollutes-objects': 'the runner breaks over it, and says so',
  'replaces-globals': 'the runner keeps the real functions',
  'prints-results': 'what is printed is not read',
};

const CONTROL = 'no-trick';

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
let folder: string;
let fates: Map<string, string>;

beforeAll(async () => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'plain-')));
  symlinkSync(nodeModules, join(folder, 'node_modules'), 'junction');
  for (const { name } of FORGERS) writeProgram(name, trickOf(name));
  writeProgram(CONTROL, 'export {};\n');
  writeFileSync(join(folder, 'postcss.config.cjs'), OWNING_CONFIG);
  fates = await runVitest();
});
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));

describe('where the learner’s code is loaded beside the tests', () => {
  test('a wrong program without a trick fails', () => expect(fates.get(CONTROL)).toBe('the test failed'));

  test.each(FORGERS.map(({ name, does }) => [does, name] as const))(
    'a wrong program that %s',
    (_does, name) => {
      if (name in WITHSTOOD) expect(fates.get(name)).toMatch(/^the test (failed|could not begin)$/);
      else expect(fates.get(name)).toBe(FOOLED[name]);
    },
  );

  test('a configuration file beside them runs in the process that judges', () => {
    expect(existsSync(join(folder, 'owned.txt'))).toBe(true);
  });
});

const OWNING_CONFIG = `require('node:fs').writeFileSync(__dirname + '/owned.txt', 'owned');\nmodule.exports = { plugins: [] };\n`;

function writeProgram(name: string, trick: string): void {
  const at = join(folder, name);
  mkdirSync(at);
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

/** Name of a program to what became of its test. */
async function runVitest(): Promise<Map<string, string>> {
  const outputFile = join(folder, 'report.json');
  const runner = join(nodeModules, 'vitest', 'vitest.mjs');
  const child = spawn(
    process.execPath,
    [runner, 'run', '--root', folder, '--reporter=json', `--outputFile=${outputFile}`],
    { cwd: folder, stdio: 'ignore', env: { PATH: process.env.PATH ?? '', TMPDIR: folder } },
  );
  await once(child, 'close');
  const { testResults } = report.parse(JSON.parse(readFileSync(outputFile, 'utf8')));
  return new Map(
    testResults.map(({ name, status, assertionResults }) => {
      const judged = assertionResults.find(({ title }) => title === 'doubles')?.status;
      return [basename(dirname(name)), fateOf(status, judged)];
    }),
  );
}

/** `file`: whether the report calls the whole file passed. */
function fateOf(file: string, judged: string | undefined): string {
  if (judged === 'failed') return 'the test failed';
  if (file !== 'passed') return 'the test could not begin';
  if (judged === undefined) return 'the test is gone';
  return judged === 'passed' ? 'the test passed' : 'the test was left out';
}
