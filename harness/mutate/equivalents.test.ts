import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { matchEquivalents, readEquivalents } from './equivalents.ts';
import type { Mutant } from './mutant.ts';

const folder = mkdtempSync(join(tmpdir(), 'workbook-equivalents-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let files = 0;
function read(text: string): ReturnType<typeof readEquivalents> {
  const file = join(folder, `${++files}.yaml`);
  writeFileSync(file, text);
  return readEquivalents(file);
}

const WHY = 'the default is the same number';

function mutant(id: number, changes: Partial<Mutant> = {}): Mutant {
  return {
    id,
    file: 'src/app.ts',
    line: 7,
    lineText: 'const limit = given ?? 20;',
    mutator: 'LogicalOperator',
    original: 'given ?? 20',
    replacement: 'given && 20',
    how: { kind: 'active', number: String(id) },
    ...changes,
  };
}

describe('the list of mutants that keep the contract', () => {
  test('may be missing', () => {
    expect(readEquivalents(join(folder, 'none.yaml'))).toEqual({ ok: true, equivalents: [] });
  });

  test('is refused when an entry has no reason, or none worth the name', () => {
    const entry = '  mutants:\n    - { file: a.ts, line: x }\n';
    expect(read(`- why: ''\n${entry}`).ok).toBe(false);
    expect(read(`- why: it is so\n${entry}`).ok).toBe(false);
    expect(read(`- why: ${WHY}\n${entry}`).ok).toBe(true);
  });

  test('is refused when a key is misspelt', () => {
    expect(read(`- why: ${WHY}\n  mutants:\n    - { file: a.ts, line: x, replacment: y }\n`)).toMatchObject({
      ok: false,
      problem: expect.stringContaining('replacment') as string,
    });
  });

  test('is refused when it is no YAML', () => {
    expect(read('- [')).toMatchObject({
      ok: false,
      problem: expect.stringContaining('cannot be read') as string,
    });
  });
});

describe('an entry', () => {
  const line = 'const limit = given ?? 20;';
  const match = (entry: object, mutants: Mutant[]): ReturnType<typeof matchEquivalents> =>
    matchEquivalents([{ why: WHY, mutants: [{ file: 'src/app.ts', line, ...entry }] }], mutants);

  test('names its mutant by file, text of the line, kind and texts, whatever its number and line', () => {
    const entry = { mutator: 'LogicalOperator', original: 'given ?? 20', replacement: 'given && 20' };
    const { whys, problems } = match(entry, [mutant(3, { line: 700 })]);
    expect([...whys]).toEqual([[3, WHY]]);
    expect(problems).toEqual([]);
  });

  test('compares texts without regard to how they are wrapped', () => {
    const wrapped = mutant(1, { original: 'given\n    ?? 20' });
    expect(match({ original: 'given ?? 20' }, [wrapped]).whys.size).toBe(1);
  });

  test('that leaves the kind out means all of the line', () => {
    const mutants = [mutant(1), mutant(2, { mutator: 'StringLiteral' }), mutant(3, { lineText: 'else' })];
    expect([...match({}, mutants).whys.keys()]).toEqual([1, 2]);
  });

  test.each([
    ['file', { file: 'src/main.ts' }],
    ['line', { line: 'const limit = given ?? 21;' }],
    ['kind', { mutator: 'StringLiteral' }],
    ['replaced text', { original: 'given' }],
    ['replacement', { replacement: 'given || 20' }],
  ])('with another %s matches nothing, and is named', (_what, entry) => {
    const { whys, problems } = match(entry, [mutant(1)]);
    expect(whys.size).toBe(0);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(Object.values(entry)[0]);
  });
});
