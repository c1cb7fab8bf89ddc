import type { PlainFiles } from '../check/corpus/plain-project.ts';

/**
 * How an attack is tried on Vitest alone, where that is not its trick beside the usual wrong program.
 *
 * - `files`: other files of the small project, by name: the same idea where a test has the program in its own process.
 * - `alone`: it is run by itself and ended at a limit, as it would take all others with it.
 * - `prints`: it has succeeded when the run prints this.
 * - `writes`: it has succeeded when this file lies beside the project.
 */
export type PlainForm = {
  files?: PlainFiles;
  alone?: true;
  prints?: { text: RegExp | string; what: string };
  writes?: string;
};

const UNCHANGED = 'it arrives unchanged in what the run prints';

/** A test with other lines in the place of the usual one. */
function testOf(...lines: string[]): string {
  return [
    `import { expect, test } from 'vitest';`,
    `import { double } from './double.ts';`,
    `test('doubles', async () => {`,
    ...lines.map((line) => `  ${line}`),
    `});`,
    ``,
  ].join('\n');
}

/** By name of the attack. */
export const PLAIN_FORMS: Readonly<Record<string, PlainForm>> = {
  'answers-with-matcher': {
    files: {
      'double.ts': `export const double = (_n: number): unknown => ({
  $$typeof: Symbol.for('jest.asymmetricMatcher'),
  asymmetricMatch: () => true,
});
`,
      'double.test.ts': testOf('expect(double(2)).toEqual(4);'),
    },
  },
  'answers-examples-only': {
    files: { 'double.ts': 'export const double = (n: number) => ({ 2: 4 })[n] ?? 0;\n' },
  },
  'uses-a-package': {
    files: {
      'double.ts': `import { Duration } from 'luxon';
export const double = (hours: number) => Duration.fromObject({ hours }).plus({ hours }).hours;
`,
    },
  },
  'asks-another-server': {
    files: {
      'double.ts': `import { place } from './place.ts';
export const double = async (n: number) =>
  Number(await (await fetch(\`http://127.0.0.1:\${place.right}/double?n=\${n}\`)).text());
`,
      'double.test.ts': testOf('expect(await double(2)).toBe(4);'),
    },
  },
  'replaces-built-in-modules': {
    files: {
      'double.test.ts': `import assert from 'node:assert/strict';\n${testOf('assert.equal(double(2), 4);')}`,
    },
  },
  'turns-clocks': {
    files: {
      'double.ts': `import './trick.ts';
const [begun] = process.hrtime();
export const double = (n: number) => {
  while (process.hrtime()[0] < begun + 2);
  return n * 2;
};
`,
      'double.test.ts': testOf(
        'const begun = performance.now();',
        'expect(double(2)).toBe(4);',
        'expect(performance.now() - begun).toBeLessThan(500);',
      ),
    },
  },
  // A runner shows the lines that a stack names, and believes the stack.
  'throws-forged-stack': {
    files: {
      'trick.ts': `const error = new Error('where am I?');
const { pathname } = new URL('./double.test.ts', import.meta.url);
error.stack = \`Error: where am I?\\n    at suite (\${pathname}:5:3)\`;
throw error;
`,
    },
    prints: { text: /A line of the suite of throws-forged-stack/, what: 'a line of the suite was printed' },
  },
  'prints-environment': {
    prints: { text: /environment: .*nightingale-/, what: 'it showed a secret of the judge' },
  },
  'prints-reports': { prints: { text: /^ok 2 - R2$/m, what: UNCHANGED } },
  'prints-results': { prints: { text: /^::set-output name=status::passed/m, what: UNCHANGED } },
  'prints-commands': { prints: { text: /^##teamcity\[testFinished name='R1'\]/m, what: UNCHANGED } },
  'prints-signs': { prints: { text: '\u001b]8;;http://x.test', what: UNCHANGED } },
  'fills-the-disk': { writes: 'owned.txt' },
  'loops-at-import': { alone: true },
  'never-finishes-loading': { alone: true },
  'exits-when-idle': { alone: true },
  'fills-heap-at-import': { alone: true },
  'fills-memory-at-import': { alone: true },
  'fills-memory-in-between': { alone: true },
  'prints-for-ever': { alone: true },
  'prints-much': { alone: true },
  'kills-its-parent': { alone: true },
  'takes-all-descriptors': { alone: true },
};

/** Attacks that are aimed at something that Vitest has not, by name, and what that is. */
export const NOTHING_TO_ATTACK: Readonly<Record<string, string>> = {
  'prints-formulas': 'Vitest writes no table that a spreadsheet opens',
  'prints-markup': 'Vitest writes no page of what a program says',
  'starts-children': 'the processes would be left on this machine; leaves-a-child-behind shows it with one',
  'asks-its-parent-for-a-debugger': 'the debugger of whoever runs this would be opened',
};
