import { expect, test } from 'vitest';
import type { Exercise } from '../catalog/exercise.ts';
import { rulesTouched } from './scope.ts';
import type { Base } from './scope.ts';

const part = { exports: [], packages: [], modules: null };

/** R1 and R2 lie in two modules; Q1 and Q2 in a part of SQL files. */
const exercise = {
  parts: [
    { ...part, name: 'one', kind: 'module', entry: 'src/one.ts' },
    { ...part, name: 'two', kind: 'module', entry: 'src/two.ts' },
    { ...part, name: 'sql', kind: 'sql', entry: 'src/q1.sql' },
  ],
  rules: [
    { id: 'R1', part: 'one' },
    { id: 'R2', part: 'two' },
    { id: 'Q1', part: 'sql' },
    { id: 'Q2', part: 'sql' },
  ],
} as unknown as Exercise;

const files = new Map([
  ['src/one.ts', 'export const one = 1;'],
  ['src/two.ts', "import { shared } from './shared.ts';\nexport const two = shared;"],
  ['src/shared.ts', 'export const shared = 2;'],
  ['src/q1.sql', 'SELECT 1'],
  ['src/q2.sql', 'SELECT 2'],
]);

const base: Base = {
  files,
  used: new Map([
    ['Q1', new Set(['src/q1.sql'])],
    ['Q2', new Set(['src/q1.sql', 'src/q2.sql'])],
  ]),
};

async function touchedBy(...changes: [string, string | null][]): Promise<string[]> {
  const changed = new Map(files);
  for (const [name, text] of changes) {
    if (text === null) changed.delete(name);
    else changed.set(name, text);
  }
  return await rulesTouched(exercise, changed, base);
}

test('nothing is touched where nothing changed', async () => {
  expect(await touchedBy()).toEqual([]);
});

test('a file touches the parts that import it, however far away', async () => {
  expect(await touchedBy(['src/one.ts', 'export const one = 2;'])).toEqual(['R1']);
  expect(await touchedBy(['src/shared.ts', 'export const shared = 3;'])).toEqual(['R2']);
});

test('a file that nobody imports touches nothing', async () => {
  expect(await touchedBy(['src/notes.ts', 'export const notes = 1;'])).toEqual([]);
});

test('a file that is compiled into nothing touches a module, for its suite may read it', async () => {
  const { parts, rules } = exercise;
  const alone = {
    parts: [parts[0], { ...part, name: 'two', kind: 'files', entry: 'src/two.yml' }],
    rules: rules.slice(0, 1),
  } as unknown as Exercise;
  const before = new Map([...files, ['src/two.yml', 'a: 1']]);
  const touched = async (name: string): Promise<string[]> =>
    await rulesTouched(alone, new Map([...before, [name, 'SELECT 3']]), { files: before, used: new Map() });
  expect(await touched('src/q2.sql')).toEqual(['R1']);
  expect(await touched('src/two.yml')).toEqual([]);
});

test('a part that no longer compiles is touched', async () => {
  expect(await touchedBy(['src/one.ts', 'export const one = ;'])).toEqual(['R1']);
  expect(await touchedBy(['src/shared.ts', null])).toEqual(['R2']);
});

test('a script touches the rules that ran it', async () => {
  expect(await touchedBy(['src/q2.sql', 'SELECT 3'])).toEqual(['Q2']);
  expect(await touchedBy(['src/q1.sql', 'SELECT 3'])).toEqual(['Q1', 'Q2']);
  expect(await touchedBy(['src/q2.sql', null])).toEqual(['Q2']);
});

test('without its entry a part of scripts cannot be met at all', async () => {
  expect(await touchedBy(['src/q1.sql', null])).toEqual(['Q1', 'Q2']);
});

test('a rule of which nobody knows what it used is touched', async () => {
  const unknown = { files, used: new Map() };
  expect(await rulesTouched(exercise, files, unknown)).toEqual(['Q1', 'Q2']);
});
