import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FORGERS } from './lists.ts';
import { PlainProject } from './plain-project.ts';
import type { Fate } from './plain-project.ts';
import { trickOf } from './subject.ts';

/**
 * The forgers of this corpus against Vitest alone, which loads the learner's code beside the tests: a program that is
 * wrong, one test that says so, and the trick. It shows that the tricks are real, and why the check judges from outside.
 */
const FOOLED: Readonly<Record<string, Fate>> = {
  'extends-expect': 'the test passed',
  'redefines-matcher': 'the test passed',
  'expects-failure': 'the test passed',
  'wraps-worker-line': 'the test passed',
  'swallows-rejections': 'the test passed',
  'marks-current-test': 'the test passed',
  'equals-everything': 'the test passed',
  'pollutes-one-option': 'the test passed',
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

let project: PlainProject;
let fates: ReadonlyMap<string, Fate>;

beforeAll(async () => {
  project = new PlainProject();
  for (const { name } of FORGERS) project.add(name, trickOf(name));
  project.add(CONTROL, 'export {};\n');
  writeFileSync(join(project.folder, 'postcss.config.cjs'), OWNING_CONFIG);
  ({ fates } = await project.run());
});
afterAll(() => project.remove());

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
    expect(existsSync(join(project.folder, 'owned.txt'))).toBe(true);
  });
});

const OWNING_CONFIG = `require('node:fs').writeFileSync(__dirname + '/owned.txt', 'owned');\nmodule.exports = { plugins: [] };\n`;
