import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { writeFiles } from '../catalog/temp-workbook.ts';
import { loadExercise } from '../catalog/load-exercise.ts';
import { SmallWorkbook } from '../check/testing/small-workbook.ts';
import { Crew } from './crew.ts';
import { mutate } from './mutate.ts';
import type { Fate, Mutated } from './mutate.ts';

const PROGRAM = `import { isSmall } from './small.ts';
export function add(a: number, b: number): number {
  return a + b;
}
export function small(n: number): boolean {
  return isSmall(n);
}
export function greet(): string {
  return 'hello';
}
`;

const SMALL = `const LEAST = Math.max(0, 1);
export function isSmall(n: number): boolean {
  return n >= LEAST && n <= 10;
}
`;

/** Run by hand, and part of no program. */
const SCRIPT = `import { add } from './main.ts';
console.log(add(1, 2));
`;

const SUITE = `// canary 0123456789abcdef01234567
import { rule, step } from '#suite';
rule('R1', async (t) => {
  await step(t, 'two numbers', async () => t.mustReturnValue('add', [2, 3], 5));
});
rule('R2', async (t) => {
  await step(t, 'a small number', async () => t.mustReturnValue('small', [5], true));
  await step(t, 'a large one', async () => t.mustReturnValue('small', [50], false));
  await step(t, 'one below', async () => t.mustReturnValue('small', [0], false));
});
`;

const README = `# Sums

## Rules

### Core

- **R1** \`add\` adds *(ECMA-262 §13.8)*

### Extra

- **R2** \`small\` knows small numbers *(ECMA-262 §13.10)*
`;

/** Each mutant takes a check: these are enough. */
const WATCHED = ['a + b', 'n <= 10', 'Math.max(0, 1)', "'hello'"];

const workbook = new SmallWorkbook();
let crew: Crew | null = null;

beforeAll(async () => {
  await workbook.build();
  writeFiles(workbook.root, {
    'exercises/01-sums/README.md': README,
    'exercises/01-sums/exercise.json': JSON.stringify({
      title: 'Sums',
      phase: 1,
      minutes: 10,
      difficulty: 1,
      requires: [],
      editable: ['src/**/*.ts'],
      parts: { main: { kind: 'module', entry: 'src/main.ts', exports: ['add', 'small'] } },
      rules: {},
    }),
    'exercises/01-sums/hidden/sums.suite.ts': SUITE,
    'solutions/01-sums/src/main.ts': PROGRAM,
    'solutions/01-sums/src/small.ts': SMALL,
    'solutions/01-sums/src/by-hand.ts': SCRIPT,
  });
  crew = new Crew(workbook.root, join(workbook.root, '.workbook', 'build'), 1);
});
afterAll(() => {
  crew?.end();
  workbook.remove();
});

async function mutated(list?: string): Promise<Mutated> {
  if (crew === null) throw new Error('there is no crew');
  writeFiles(workbook.root, { 'solutions/01-sums/mutants.yaml': list ?? '[]\n' });
  const loaded = loadExercise(workbook.root, '01-sums');
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problem));
  return await mutate(loaded.exercise, {
    root: workbook.root,
    crew,
    only: ({ file, original }) => file === 'src/by-hand.ts' || WATCHED.includes(original),
    onProgress: () => {},
  });
}

function fate({ fates }: Mutated, original: string, replacement: string): Fate | undefined {
  return fates.find(({ mutant }) => mutant.original === original && mutant.replacement === replacement);
}

test('known mutants end as they must', async () => {
  const result = await mutated();
  expect(result.problems).toEqual([]);
  // Only R1 comes by, and it notices.
  expect(fate(result, 'a + b', 'a - b')).toMatchObject({ kind: 'killed', rule: 'R1', reached: ['R1'] });
  expect(fate(result, 'n <= 10', 'true')).toMatchObject({ kind: 'killed', rule: 'R2' });
  // No rule tries the border.
  expect(fate(result, 'n <= 10', 'n < 10')).toMatchObject({ kind: 'survived', reached: ['R2'] });
  // What runs as the program is loaded counts for each of its rules.
  expect(fate(result, 'Math.max(0, 1)', 'Math.min(0, 1)')).toMatchObject({
    kind: 'killed',
    rule: 'R2',
    reached: ['R1', 'R2'],
  });
  expect(fate(result, "'hello'", '""')).toMatchObject({ kind: 'unreached', reached: [] });
  expect(result.fates.map(({ mutant }) => mutant.file)).not.toContain('src/by-hand.ts');
});

test('the list of what keeps the contract is held against what happens', async () => {
  const entry = (original: string, replacement: string, file = 'small'): string =>
    `    - { file: src/${file}.ts, line: 'return n >= LEAST && n <= 10;', original: '${original}', replacement: '${replacement}' }\n`;
  const result = await mutated(
    `- why: the border is free by the contract\n  mutants:\n${entry('n <= 10', 'n < 10')}${entry('n <= 10', 'true')}${entry('n', 'm', 'gone')}`,
  );
  const listed = fate(result, 'n <= 10', 'n < 10');
  expect(result.equivalent.get(listed?.mutant.id ?? -1)).toBe('the border is free by the contract');
  expect(result.problems).toHaveLength(2);
  expect(result.problems[0]).toContain('no mutant is src/gone.ts');
  expect(result.problems[1]).toMatch(/it is killed: src\/small\.ts.*to true/);
});
