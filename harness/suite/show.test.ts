import { describe, expect, test } from 'vitest';
import { decode, Dependency, Opaque, RemoteError } from '../message/plain.ts';
import { cut, quote, show } from './show.ts';

describe('show', () => {
  test.each([
    ['a "b"\n', String.raw`"a \"b\"\n"`],
    [1.5, '1.5'],
    [-0, '-0'],
    [Number.NaN, 'NaN'],
    [12n, '12n'],
    [null, 'null'],
    [undefined, 'undefined'],
    [true, 'true'],
    [[1, [2]], '[1, [2]]'],
    [[], '[]'],
    [{}, '{}'],
    [{ a: 1, 'b-c': [undefined] }, '{ a: 1, "b-c": [undefined] }'],
    [new Date(0), 'Date 1970-01-01T00:00:00.000Z'],
    [new Date(Number.NaN), 'an invalid Date'],
    [Buffer.from('hi'), 'bytes of "hi"'],
    [new Map([['a', 1]]), 'Map {"a" => 1}'],
    [new Set(['a']), 'Set {"a"}'],
    [new Opaque('function', 'f'), 'a function f'],
    [new Opaque('symbol', ''), 'a symbol'],
    [new RemoteError({ name: 'E', message: 'm', code: null }), 'E: m'],
  ])('%o as %s', (value, text) => {
    expect(show(value)).toBe(text);
  });

  test('what came without a prototype', () => {
    const decoded = decode('{"a":{"__proto__":1,"toString":2}}');
    expect(show(decoded.ok && decoded.value)).toBe('{ a: { __proto__: 1, toString: 2 } }');
  });

  test('in one line of at most 400 characters, and says how much is missing', () => {
    const text = show('x'.repeat(1000));
    expect(text).toBe(`"${'x'.repeat(399)}… (602 more characters)`);
    expect(show(['\n\r\u2028'])).not.toMatch(/[\n\r]/);
  });

  test('a deep value without its depths', () => {
    let deep: unknown = 1;
    for (let i = 0; i < 60; i++) deep = [deep];
    expect(show(deep)).toBe('[[[[[[[…]]]]]]]');
  });

  test('a dependency by what it is, without the suite’s data in it', () => {
    const folder = new Dependency('folder', { files: { 'secret.txt': 'canary' }, at: '' });
    expect(show([folder])).not.toContain('canary');
  });
});

describe('cut and quote', () => {
  test('leave what is short', () => {
    expect([cut('abc', 3), quote('a"b')]).toEqual(['abc', String.raw`"a\"b"`]);
  });

  test('cut what is long, and count the rest', () => {
    expect(cut('abcdef', 4)).toBe('abcd… (2 more characters)');
  });

  test('never cut a character in two', () => {
    expect(cut('abc🦊def', 4)).toBe('abc… (5 more characters)');
  });
});
