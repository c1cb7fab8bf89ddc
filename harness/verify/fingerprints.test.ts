import { describe, expect, test } from 'vitest';
import { distinct, isNamed, wronglyNamed } from './fingerprints.ts';
import type { Catalogued, Seen } from './fingerprints.ts';

const A = 'aaaaaaaaaaaaaaaa';
const B = 'bbbbbbbbbbbbbbbb';

/** A run that fails some rules, with these fingerprints, and keeps others. */
function seen(cause: string | null, fingerprints: Record<string, string>, passed: string[] = []): Seen {
  return {
    name: cause ?? 'another fault',
    cause,
    fingerprints: new Map(Object.entries(fingerprints)),
    passed: new Set(passed),
  };
}

function mistake(name: string, ...prints: Record<string, string>[]): Catalogued {
  const breaks = Object.keys(prints[0] ?? {});
  return { mistake: name, often: `it is ${name}`, breaks, runs: prints.map((each) => seen(name, each)) };
}

describe('the fingerprints that name a mistake', () => {
  test('are those that it alone has', () => {
    const found = distinct([mistake('one', { R1: A }), mistake('two', { R1: B })], []);
    expect(found).toEqual({
      [A]: { mistake: 'one', often: 'it is one', breaks: ['R1'] },
      [B]: { mistake: 'two', often: 'it is two', breaks: ['R1'] },
    });
  });

  test('are not those that two mistakes share', () => {
    expect(distinct([mistake('one', { R1: A }), mistake('two', { R1: A })], [])).toEqual({});
  });

  test('are not those that differ from run to run', () => {
    expect(distinct([mistake('one', { R1: A }, { R1: B })], [])).toEqual({});
  });

  test('are not those of a program with another fault', () => {
    expect(distinct([mistake('one', { R1: A })], [seen(null, { R1: A })])).toEqual({});
    expect(distinct([mistake('one', { R1: A })], [seen('two', { R1: A })])).toEqual({});
  });

  test('stay when the program has this very mistake', () => {
    expect(Object.keys(distinct([mistake('one', { R1: A })], [seen('one', { R1: A })]))).toEqual([A]);
  });

  test('stay when the program with another fault keeps a rule that the mistake breaks', () => {
    const found = distinct([mistake('one', { R1: A, R2: B })], [seen(null, { R1: A }, ['R2'])]);
    expect(Object.keys(found)).toEqual([A, B]);
  });
});

describe('a program', () => {
  const known = new Map([[A, { mistake: 'one', often: 'it is one', breaks: ['R1', 'R2'] }]]);

  test('is wrongly named when it is told of a mistake that it has not in it', () => {
    expect(wronglyNamed(known, seen(null, { R1: A }))).toEqual([[A, 'one']]);
    expect(wronglyNamed(known, seen('one', { R1: A }))).toEqual([]);
    expect(wronglyNamed(known, seen(null, { R1: A }, ['R2']))).toEqual([]);
  });

  test('is named when one of its failures is known', () => {
    expect(isNamed(known, seen('one', { R1: A, R2: B }))).toBe(true);
    expect(isNamed(known, seen('one', { R1: B }))).toBe(false);
  });
});
