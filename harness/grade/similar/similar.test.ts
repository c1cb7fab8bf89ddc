import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readEditable } from '../../catalog/editable.ts';
import { readSolution } from '../../catalog/solution.ts';
import { chance } from '../gradebook/testing/chance.ts';
import { disguised, madeProgram } from '../gradebook/testing/made-program.ts';
import { linesOf, similarPairs, THRESHOLD } from './similar.ts';
import type { Files, Similarities } from './similar.ts';
import { disguise } from './testing/disguise.ts';
import { tokensOf } from './tokens.ts';

const one = (text: string, path = 'src/a.ts'): Map<string, string> => new Map([[path, text]]);

/** Of submissions that are all at hand. */
function compare(all: ReadonlyMap<string, Files>, stub: Files | null, most?: number): Promise<Similarities> {
  return similarPairs({ names: [...all.keys()], read: (name) => all.get(name) ?? null }, stub, most);
}

/** A class of strangers: nobody copied. */
function strangers(count: number, seed = 7): Map<string, Map<string, string>> {
  const luck = chance(seed);
  return new Map(
    Array.from({ length: count }, (_, index) => [
      `student-${String(index).padStart(3, '0')}`,
      one(madeProgram(luck)),
    ]),
  );
}

describe.each([
  ['01-http-server', ['src/**/*.ts']],
  ['02-sql', ['src/**/*.sql']],
  ['09-docker', ['src/**', 'src/.*']],
])('our own programs for %s', (id, editable) => {
  test('different hands are far apart, and a disguised copy is near', async () => {
    const root = process.cwd();
    const read = await readSolution(root, { id, editable });
    const stub = await readEditable(join(root, 'solutions', id, 'stub'), editable);
    if (!read.ok || !stub.ok) throw new Error('the solution cannot be read');
    const ways = new Map([read.solution, ...read.variants].map((way) => [way.name, way.files]));
    expect(ways.size).toBeGreaterThan(3);
    expect((await compare(ways, stub.files)).pairs).toEqual([]);

    ways.set('copy', disguise(read.solution.files));
    const { pairs } = await compare(ways, stub.files);
    expect(pairs.map(({ left, right }) => [left, right])).toEqual([['copy', 'solution']]);
    expect(pairs[0]?.similarity).toBeGreaterThan(THRESHOLD + 0.1);
  });
});

describe('a class', () => {
  test('of strangers has no similar pairs; two who share stand out, with the lines of both', async () => {
    const everybody = strangers(20);
    expect((await compare(everybody, null)).pairs).toEqual([]);
    const program = everybody.get('student-004')?.get('src/a.ts') ?? '';
    everybody.set('student-011', one(disguised(program, chance(3)), 'src/other-name.ts'));
    const { pairs } = await compare(everybody, null);
    expect(pairs).toHaveLength(1);
    expect(pairs[0]).toMatchObject({ left: 'student-004', right: 'student-011' });
    expect(pairs[0]?.similarity).toBeGreaterThan(0.7);
    const left = linesOf(everybody.get('student-004') ?? new Map());
    for (const match of pairs[0]?.matches ?? []) {
      expect(match.left.from).toBeLessThanOrEqual(match.left.to);
      expect(match.left.to).toBeLessThan(left.length);
    }
    const covered = new Set(
      pairs[0]?.matches.flatMap(({ left: { from, to } }) =>
        Array.from({ length: to - from + 1 }, (_, at) => from + at),
      ),
    );
    expect(covered.size).toBeGreaterThan(left.length / 2);
  });

  test('what was given to all, and what more than half of ten have, is no evidence', async () => {
    const given = madeProgram(chance(99), 12);
    const small = strangers(4);
    for (const [name, files] of small) small.set(name, one(`${given}\n${files.get('src/a.ts')}`));
    expect((await compare(small, null)).pairs.length).toBeGreaterThan(0);
    expect((await compare(small, one(given))).pairs).toEqual([]);
    const large = strangers(10);
    for (const [name, files] of large) large.set(name, one(`${given}\n${files.get('src/a.ts')}`));
    expect((await compare(large, null)).pairs).toEqual([]);
  });

  test('the untouched stub and the empty file are too small to say anything', async () => {
    const stub = one(madeProgram(chance(5)));
    const { pairs, tooSmall } = await compare(
      new Map([
        ['a', stub],
        ['b', stub],
        ['c', one('')],
        ['d', new Map()],
      ]),
      stub,
    );
    expect({ pairs, tooSmall }).toEqual({ pairs: [], tooSmall: ['a', 'b', 'c', 'd'] });
  });

  test('the same result in any order of the class', async () => {
    const everybody = strangers(12);
    everybody.set('student-002', everybody.get('student-007') ?? new Map());
    const again = new Map([...everybody].toReversed());
    expect(await compare(again, null)).toEqual(await compare(everybody, null));
    expect((await compare(everybody, null)).groups).toEqual([
      { students: ['student-002', 'student-007'], texts: 1 },
    ]);
  });
});

describe('a large class', () => {
  test('the same bytes are one group, however many handed them in; the same structure is a group and an example', async () => {
    const everybody = strangers(24);
    const program = everybody.get('student-000') ?? new Map<string, string>();
    for (const name of ['student-003', 'student-004', 'student-005', 'student-006'])
      everybody.set(name, program);
    const { groups, pairs, found } = await compare(everybody, null);
    const students = ['student-000', 'student-003', 'student-004', 'student-005', 'student-006'];
    expect({ groups, pairs, found }).toEqual({ groups: [{ students, texts: 1 }], pairs: [], found: 0 });

    const renamed = (program.get('src/a.ts') ?? '').replaceAll('limit', 'most');
    everybody.set('student-006', one(renamed));
    const other = await compare(everybody, null);
    expect(other.groups).toEqual([{ students, texts: 2 }]);
    expect(other.pairs).toMatchObject([
      { left: 'student-000', right: 'student-006', alsoLeft: 3, similarity: 1 },
    ]);
    expect(other.pairs[0]?.matches.length).toBeGreaterThan(0);
  });

  test('no more pairs are listed than asked for, the most alike first, and all are counted', async () => {
    const everybody = strangers(24);
    const program = everybody.get('student-000')?.get('src/a.ts') ?? '';
    for (let copy = 1; copy <= 6; copy++) {
      const own = madeProgram(chance(50 + copy), copy).replaceAll('work', 'own');
      everybody.set(`student-00${copy}`, one(`${program}\n${own}`));
    }
    const all = await compare(everybody, null);
    expect(all.pairs).toHaveLength(21);
    const first = await compare(everybody, null, 3);
    expect(first.found).toBe(21);
    expect(first.pairs).toEqual(all.pairs.slice(0, 3));
    const figures = all.pairs.map(({ similarity }) => similarity);
    expect(figures).toEqual(figures.toSorted((left, right) => right - left));
  });

  test('lets others have their turn', async () => {
    let turned = false;
    setImmediate(() => (turned = true));
    await compare(strangers(30), null);
    expect(turned).toBe(true);
  });
});

describe('hostile text', () => {
  const parens = '('.repeat(60_000);
  test.each([
    ['deep nesting', parens],
    ['deep arrays that close', '['.repeat(50_000) + ']'.repeat(50_000)],
    ['one endless line', 'a+'.repeat(200_000)],
    ['the same line a hundred thousand times', 'x();\n'.repeat(100_000)],
    ['signs without meaning', '\0\u202e\ud800}}}}>>><<<```'.repeat(1_000)],
    ['half a program', 'function f( { const a = `${'],
    [
      'decorators and types',
      '@x class A<T extends { [K in keyof T]: T }> { declare a: T; constructor(private b = 1) {} }',
    ],
  ])('%s stops nothing, and takes little time', async (_what, text) => {
    const begun = performance.now();
    const all = new Map(['a', 'b', 'c'].map((name) => [name, one(text)]));
    await expect(compare(all, null)).resolves.toBeDefined();
    for (const path of ['q.sql', 'Dockerfile', 'a.yml', 'b.tsx', 'c.mjs'])
      expect(Array.isArray(tokensOf(path, text))).toBe(true);
    expect(performance.now() - begun).toBeLessThan(15_000);
  });
});

test('names, values, types and layout are no tokens; what is done is', async () => {
  const kinds = (text: string): string[] => tokensOf('a.ts', text).map(({ kind }) => kind);
  expect(kinds('const a: number = 1 + b;')).toEqual(kinds('\n\nconst  longer  = 77 + other // why\n'));
  expect(kinds('const f = (a) => { return `x`; }')).toEqual(
    kinds('const g = function (b: string): string { return "y" }'),
  );
  expect(kinds('a + b')).not.toEqual(kinds('a - b'));
  expect(tokensOf('q.sql', "SELECT a FROM b -- c\nWHERE d = 'e'").map(({ kind }) => kind)).toEqual([
    'select',
    'a',
    'from',
    'b',
    'where',
    'd',
    '=',
    'text',
  ]);
});
