import { describe, expect, test } from 'vitest';
import { decode, encode, Opaque, RemoteError } from '../message/plain.ts';
import { includes, same } from './equal.ts';

function across(value: unknown): unknown {
  const decoded = decode(encode(value));
  return decoded.ok ? decoded.value : undefined;
}

describe('same', () => {
  test.each([
    [1, 1],
    [0, -0],
    [Number.NaN, Number.NaN],
    ['a', 'a'],
    [null, null],
    [undefined, undefined],
    [10n, 10n],
    [[], []],
    [{}, {}],
    [
      { a: 1, b: [2] },
      { b: [2], a: 1 },
    ],
    [{ a: undefined }, { a: undefined }],
    [Buffer.from('a'), new Uint8Array([97])],
    [new Date(5), new Date(5)],
    [new Date(Number.NaN), new Date(Number.NaN)],
    [new Map([[{ a: 1 }, 'x']]), new Map([[{ a: 1 }, 'x']])],
    [new Set([[1]]), new Set([[1]])],
  ])('%o and %o', (a, b) => {
    expect(same(a, b)).toBe(true);
    expect(same(b, a)).toBe(true);
    expect(same(across(a), b)).toBe(true);
  });

  test.each([
    [1, '1'],
    [1, 1n],
    [0, false],
    [null, undefined],
    [null, {}],
    ['', []],
    [[], {}],
    [[1], { 0: 1 }],
    [
      [1, 2],
      [2, 1],
    ],
    [[undefined], []],
    [{ a: undefined }, {}],
    [{ a: undefined }, { b: undefined }],
    [{ a: 1 }, { a: 1, b: 2 }],
    [{}, new Map()],
    [{}, new Date(0)],
    [new Date(0), new Date(1)],
    [new Date(0), 0],
    [new Map(), new Set()],
    [new Map([['a', 1]]), new Map([['a', 2]])],
    [Buffer.from('a'), Buffer.from('b')],
    [Buffer.from('a'), [97]],
    [Buffer.from('a'), 'a'],
    [{ toString: 1 }, {}],
  ])('not %o and %o', (a, b) => {
    expect(same(a, b)).toBe(false);
    expect(same(b, a)).toBe(false);
  });

  test('never what cannot be compared: functions and errors of the other side', () => {
    expect(same(new Opaque('function', 'f'), new Opaque('function', 'f'))).toBe(false);
    const error = { name: 'E', message: 'm', code: null };
    expect(same(new RemoteError(error), new RemoteError(error))).toBe(false);
    expect(same({ type: 'function', label: 'f' }, new Opaque('function', 'f'))).toBe(false);
  });

  test('is not fooled by inherited names', () => {
    expect(same(JSON.parse('{"__proto__":1}'), {})).toBe(false);
    expect(same({ constructor: Object }, { toString: Object })).toBe(false);
  });
});

describe('includes', () => {
  test.each([
    [{ a: 1, b: 2 }, { a: 1 }],
    [{ a: { b: 1, c: 2 } }, { a: { b: 1 } }],
    [{ a: 1 }, {}],
    [
      [1, 2],
      [1, 2],
    ],
    [5, 5],
    [
      { d: new Date(1), m: new Map([[1, 2]]) },
      { d: new Date(1), m: new Map([[1, 2]]) },
    ],
    [{ a: Buffer.from('x') }, { a: Buffer.from('x') }],
  ])('%o has %o', (whole, part) => {
    expect(includes(whole, part)).toBe(true);
  });

  test.each([
    [{ a: 1 }, { a: 2 }],
    [{ a: 1 }, { b: undefined }],
    [{}, { toString: undefined }],
    [{ a: [1, 2] }, { a: [1] }],
    [{ a: [{ b: 1, c: 2 }] }, { a: [{ b: 1 }] }],
    [[1, 2], [1]],
    [[], {}],
    [undefined, {}],
    [null, {}],
    ['text', {}],
    [{ d: new Date(1) }, { d: new Date(2) }],
    [{ m: new Map([[1, 2]]) }, { m: new Map([[1, 3]]) }],
    [{ s: new Set([1]) }, { s: new Set() }],
    [{ d: new Date(1) }, { d: {} }],
  ])('%o has not %o', (whole, part) => {
    expect(includes(whole, part)).toBe(false);
  });
});
