import { describe, expect, test } from 'vitest';
import type { DockerInstruction } from '../probe/text-messages.ts';
import { ancestry, Dockerfile, expand } from './dockerfile.ts';

/** As the probe gives it: one line, one instruction. */
function read(text: string): Dockerfile {
  const instructions = text
    .trim()
    .split('\n')
    .map((line, index): DockerInstruction => {
      const [keyword = '', ...words] = line.trim().split(' ');
      const isPair = keyword === 'ENV' || keyword === 'ARG';
      const pairs = words.map((word) => {
        const [name = '', value = null] = word.split('=');
        return { name, value };
      });
      const text = words.join(' ');
      return {
        keyword,
        line: index + 1,
        flags: [],
        words,
        exec: null,
        pairs: isPair ? pairs : [],
        text,
        documents: [],
      };
    });
  return new Dockerfile('Dockerfile', instructions);
}

describe('stages', () => {
  test('are found by name in any case and by number, and know the one they build on', () => {
    const file = read('FROM node:22 AS Base\nRUN a\nFROM base AS build\nRUN b\nFROM build');
    expect(file.stages.map(({ name, image }) => [name, image])).toEqual([
      ['base', 'node:22'],
      ['build', 'base'],
      [null, 'build'],
    ]);
    expect(file.stage('BUILD')).toBe(file.stages[1]);
    expect(file.stage('0')).toBe(file.stages[0]);
    expect(file.stage('node:22')).toBeNull();
    expect(file.last && ancestry(file.last)).toEqual(file.stages);
  });

  test('see an ARG from before FROM in FROM, and within only where they name it again', () => {
    const file = read('ARG V=22\nFROM node:${V}-alpine\nUSER $V\nARG V\nUSER $V');
    expect(file.last?.image).toBe('node:22-alpine');
    expect(file.last?.instructions.map(({ words }) => words[0])).toEqual(['$V', 'V', '22']);
    expect(file.last?.instructions[1]?.pairs).toEqual([{ name: 'V', value: '22' }]);
  });

  test('hand ENV on to a stage that builds on them, and ARG to none', () => {
    const file = read('FROM node:22 AS a\nENV U=node\nARG W=x\nFROM a\nUSER $U\nWORKDIR $W');
    expect(file.last?.instructions.map(({ words }) => words[0])).toEqual(['node', '$W']);
  });

  test('leave the commands of a shell to the shell', () => {
    const file = read('FROM node:22\nENV A=b\nRUN echo $A');
    expect(file.last?.instructions[1]?.text).toBe('echo $A');
  });
});

test.each([
  ['$A-x', '1-x'],
  ['${A}x', '1x'],
  ['${B:-two}', 'two'],
  ['${E:-full}', 'full'],
  ['${E-full}', ''],
  ['${A:?is not set}x', '1x'],
  ['${B:-${C:-three}}x', 'threex'],
  ['${B', '${B'],
  ['${A:+set}', 'set'],
  ['${B:+set}', ''],
  ['${B:-$A}', '1'],
  ['$B', '$B'],
  ['\\$A', '$A'],
])('%s is expanded to %s', (text, expanded) => {
  expect(
    expand(
      text,
      new Map([
        ['A', '1'],
        ['E', ''],
      ]),
    ),
  ).toBe(expanded);
});
