import { describe, expect, test } from 'vitest';
import { fingerprintOf } from './fingerprint.ts';
import { Trial } from './trial.ts';

/** The fingerprint of a failure in a run with this seed. `got`: what the program answered, given a random word. */
function print(
  seed: number,
  got: (word: string) => string,
  { rule = 'R1', step = 'a step', cause = 'wrong' } = {},
): string {
  const trial = new Trial(rule, 'main', 1, seed);
  trial.step = step;
  return fingerprintOf(trial, cause, got(trial.random.word()));
}

describe('a fingerprint', () => {
  test('has sixteen hex digits', () => {
    expect(print(1, () => 'x')).toMatch(/^[0-9a-f]{16}$/);
  });

  test.each<[string, (word: string, seed: number) => string]>([
    ['a random word', (word) => `200 · "Hello, ${word}!"`],
    [
      'a random word with a capital',
      (word) => `200 · "Hello, ${word.charAt(0).toUpperCase()}${word.slice(1)}!"`,
    ],
    ['a random word in capitals', (word) => `200 · "${word.toUpperCase()}"`],
    ['a port', (_, seed) => `connect ECONNREFUSED 127.0.0.1:${40_000 + seed}`],
    ['a long number', (_, seed) => `{ now: ${1_935_000_000_000 + seed * 777_777} }`],
    [
      'an instant',
      (_, seed) => `{ now: "${new Date(Date.UTC(2031, 0, 1) + seed * 98_765_432_123).toISOString()}" }`,
    ],
    [
      'an instant without milliseconds',
      (_, seed) => `20${31 + seed}-0${seed}-1${seed}T0${seed}:1${seed}:3${seed}Z`,
    ],
    [
      'a stack trace',
      (_, seed) =>
        `500 · "Error: on fire\\n    at run (file:///home/u${seed}/a.mjs:${seed}:1${seed})\\n    at x"`,
    ],
    [
      'a stack trace in HTML',
      (_, seed) => `Error: x<br> &nbsp; &nbsp;at /home/u${seed}/a.js:1:${seed}</pre>`,
    ],
    ['a scratch folder', (_, seed) => `ENOENT: /tmp/workbook-aB${seed}xYz/data-1/x`],
  ])('is the same in every run: %s', (_, got) => {
    const prints = [1, 2, 3].map((seed) => print(seed, (word) => got(word, seed)));
    expect(new Set(prints).size).toBe(1);
  });

  test('differs by rule, step, cause and answer', () => {
    const same = () => '200 · no body';
    const prints = [
      print(1, same),
      print(1, same, { rule: 'R2' }),
      print(1, same, { step: 'another step' }),
      print(1, same, { cause: 'hung' }),
      print(1, () => '404 · no body'),
      print(1, () => '200 · "x"'),
    ];
    expect(new Set(prints).size).toBe(prints.length);
  });

  test('keeps words that only look like a stack trace', () => {
    expect(print(1, () => 'look at this')).not.toBe(print(1, () => 'look at that'));
  });

  test('keeps short numbers: a status is no random number', () => {
    expect(print(1, () => '500')).not.toBe(print(1, () => '501'));
  });
});
