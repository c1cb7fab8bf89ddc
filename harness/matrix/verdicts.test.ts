import { describe, expect, test } from 'vitest';
import { failed, sampleVerdict } from '../verdict/sample.ts';
import type { Verdict } from '../verdict/verdict.ts';
import { comparable, differences } from './verdicts.ts';

function between(one: Verdict, other: Verdict): string[] {
  return differences(comparable(one, '/copies/20'), comparable(other, '/copies/26'));
}

function printed(text: string): Verdict {
  return sampleVerdict({}, { output: { text, truncated: false } });
}

describe('what does not count', () => {
  test('times and the version', () => {
    const [one, other] = [20, 26].map((line) =>
      sampleVerdict({}, { durationMs: line, node: `v${line}.0.0` }),
    );
    expect(between(one as Verdict, other as Verdict)).toEqual([]);
  });

  test.each([
    [
      'the folder of the copy',
      'at /copies/20/.workbook/build/host.mjs',
      'at /copies/26/.workbook/build/host.mjs',
    ],
    ['a temporary folder', 'open /tmp/workbook-a1B2c3/x', 'open /var/tmp/workbook-Zz9Yy8/x'],
    ['a process id', '(node:12) Warning: x', '(node:3456) Warning: x'],
    ['the last line of a crash', 'Node.js v20.20.2\n', 'Node.js v26.10.0\n'],
    [
      'lines of Node itself in a stack trace',
      'Error: x\n    at f (/a.ts:1:1)\n    at node:internal/main:1:2\n    at emit (node:events:524:28)\n',
      'Error: x\n    at f (/a.ts:1:1)\n    at emit (node:events:519:35)\n',
    ],
  ])('%s', (_, one, other) => {
    expect(between(printed(one), printed(other))).toEqual([]);
  });
});

describe('what counts', () => {
  test('a rule that ended in another way, by its id', () => {
    expect(between(sampleVerdict(), sampleVerdict({ R5: failed({ got: 'nothing' }) }))).toContain('R5');
  });

  test('a member of the verdict, by its name', () => {
    const other = sampleVerdict({}, { mastered: !sampleVerdict().mastered });
    expect(between(sampleVerdict(), other)).toEqual(['mastered']);
  });

  test('a word more in what the program printed', () => {
    expect(between(printed('a\n'), printed('a\nExperimentalWarning: b\n'))).toEqual(['output']);
  });

  test('lines of the learner in a stack trace', () => {
    const trace = (line: number): string => `Error: x\n    at f (/a.ts:${line}:1)\n`;
    expect(between(printed(trace(1)), printed(trace(2)))).toEqual(['output']);
  });
});
