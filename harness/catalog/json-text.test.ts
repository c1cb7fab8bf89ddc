import { describe, expect, test } from 'vitest';
import { parseJson } from './json-text.ts';

function problemOf(text: string) {
  const outcome = parseJson(text);
  return outcome.ok ? null : outcome.problem;
}

describe('a text that is JSON', () => {
  test.each([
    '{}',
    ' [ ] ',
    '"a\\u00e9\\n"',
    '"\u007f\u0085"',
    '-0.5e+3',
    'null',
    '{"a":[1,{"b":[]}],"c":{}}',
    '[[],[]]\r\n',
  ])('%j gives its value', (text) => {
    expect(parseJson(text)).toEqual({ ok: true, value: JSON.parse(text) });
  });

  test('may be nested deeply', () => {
    expect(parseJson('['.repeat(30_000) + ']'.repeat(30_000)).ok).toBe(true);
  });
});

describe('a text that is not JSON', () => {
  test('names line and column', () => {
    expect(problemOf('{\r\n  "a": 1,\r\n  "b": oops\r\n}')).toMatchObject({
      line: 3,
      column: 8,
      message: '"oops" cannot stand there.',
    });
  });

  test.each([
    ['', 1, 1, /a value/],
    ['{"a": 1', 1, 8, /a comma or }/],
    ['{"a": 1,}', 1, 9, /no comma before }/],
    ['[1,]', 1, 4, /no comma before ]/],
    ['{"a" 1}', 1, 6, /a colon/],
    ["{'a': 1}", 1, 2, /double quotes/],
    ['{"a": "one\ntwo"}', 1, 7, /closing double quote/],
    ['{"a": "C:\\work"}', 1, 7, /\\\\ for a backslash/],
    ['{"a": 01}', 1, 7, /a value/],
    ['{"a": 1 "b": 2}', 1, 9, /a comma/],
    ['{} {}', 1, 4, /nothing after/],
    ['// note\n{}', 1, 1, /a value/],
  ])('%j', (text, line, column, expected) => {
    expect(problemOf(text)).toMatchObject({ line, column, expected: expect.stringMatching(expected) });
  });

  test('a key that stands twice in one object is a mistake, in two objects it is not', () => {
    expect(problemOf('{"a": 1,\n "\\u0061": 2}')).toMatchObject({
      line: 2,
      column: 2,
      message: 'The key "a" stands twice.',
    });
    expect(parseJson('[{"a": 1}, {"a": 2}]').ok).toBe(true);
  });

  test('a key called __proto__ is refused, however it is spelt', () => {
    expect(problemOf('{"a": {"__pr\\u006fto__": {}}}')).toMatchObject({
      column: 8,
      message: expect.stringContaining('"__proto__"'),
    });
  });

  test('control characters in the text are written out', () => {
    expect(problemOf('{"a": \u001b[31m}')?.message).toBe('"\\u{1b}" cannot stand there.');
  });
});

test('agrees with JSON.parse on a thousand damaged texts', () => {
  const whole = '{"a": [1, -2.5e3, true, null], "b": {"c": "x\\"y\\u0041"}, "d": ""}';
  const characters = '{}[],:"\\ \n01-+.eEtruefalsnx';
  // A small generator with a fixed seed: the same texts on every run.
  let seed = 20_240_607;
  const random = (below: number) => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
    return Math.floor((seed / 2 ** 32) * below);
  };
  const disagreements: string[] = [];
  for (let round = 0; round < 1_000; round += 1) {
    const at = random(whole.length);
    const replacement = random(3) === 0 ? '' : (characters[random(characters.length)] ?? '');
    const text = whole.slice(0, at) + replacement + whole.slice(at + random(3));
    let valid = true;
    try {
      JSON.parse(text);
    } catch {
      valid = false;
    }
    const ours = parseJson(text);
    if (ours.ok !== valid && !(!ours.ok && ours.problem.message.includes('twice'))) disagreements.push(text);
  }
  expect(disagreements).toEqual([]);
});
