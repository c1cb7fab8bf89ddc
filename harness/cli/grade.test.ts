import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { LevelProbe } from '../grade/level.ts';
import type { Command } from './command.ts';
import { gradeCommand, runGrade } from './grade.ts';
import { run, smallWorkbook } from './testing/fake-context.ts';
import { FIRST, SECOND } from './testing/made-exercises.ts';

const ASKED: string[] = [];
const nothingHolds: LevelProbe = (level) => {
  ASKED.push(level);
  return Promise.resolve({ ok: false, why: 'The kernel forbids it.', help: 'sudo do-this' });
};
const refusing: Command = {
  ...gradeCommand,
  run: (input, context) => runGrade(input, context, nothingHolds),
};

describe('wrong use', () => {
  const whole = ['--submission', '.', '--exercise', FIRST, '--out', 'out'];
  const without = (option: string): string[] => {
    const at = whole.indexOf(option);
    return [...whole.slice(0, at), ...whole.slice(at + 2)];
  };

  test.each([
    ['no submission', without('--submission'), 'Which submission?'],
    ['no exercise', without('--exercise'), 'Which exercise?'],
    ['no folder for the mark', without('--out'), 'Where does the mark go?'],
    [
      'a submission and a class',
      [...whole, '--roster', 'r.csv'],
      '--submission and --roster contradict each other',
    ],
    [
      'an assignment for one submission',
      [...whole, '--assignment', 'a.yaml'],
      '--assignment goes with --roster.',
    ],
    [
      'a word that belongs nowhere',
      ['--submission', '.', '--out', 'out', 'x'],
      'There is one word too many: x',
    ],
    ['a class without exercises', ['--roster', 'r.csv', '--out', 'out'], 'What is judged?'],
    [
      'an assignment and exercises',
      ['--roster', 'r.csv', '--out', 'out', '--assignment', 'a.yaml', '--exercise', FIRST],
      'The assignment names the exercises',
    ],
    [
      'a shard that is none',
      ['--roster', 'r.csv', '--out', 'out', '--exercise', FIRST, '--shard', '6/5'],
      '--shard takes a part of all, such as 2/5, not 6/5.',
    ],
    [
      'a queue that is none',
      ['--roster', 'r.csv', '--out', 'out', '--exercise', FIRST, '--queue', 'http://x'],
      '--queue takes the address of a Redis',
    ],
    [
      'a roster that is not there',
      ['--roster', 'r.csv', '--out', 'out', '--isolation', 'none', '--exercise', FIRST, SECOND],
      'The roster',
    ],
    ['folders that are no shards', ['--merge', 'a', 'b', '--out', 'a'], 'is one of the shards'],
    ['an unknown exercise', [...whole, '--exercise', '01-frist'], 'There is no exercise called 01-frist.'],
    ['an unknown level', [...whole, '--isolation', 'vm'], 'namespace, permission, none, not vm'],
    ['an unknown detail', [...whole, '--detail', 'some'], 'full, rules, score, not some'],
    [
      'a submission that is not there',
      [...whole, '--submission', 'nowhere', '--isolation', 'none'],
      'There is no "nowhere"',
    ],
  ])('%s is said, and nothing is written', async (_what, argv, message) => {
    const root = smallWorkbook();
    const { code, out, err } = await run(gradeCommand, root, argv);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(message);
    expect(existsSync(join(root, 'out'))).toBe(false);
  });
});

describe('a machine that cannot shut programs in', () => {
  test('judges nothing: it says why, what helps, and how to ask for less', async () => {
    const root = smallWorkbook();
    const argv = ['--submission', '.', '--exercise', FIRST, '--out', 'out'];
    const { code, out, err } = await run(refusing, root, argv);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain('at isolation namespace, and here that does not work. The kernel forbids it.');
    expect(err).toContain('\n  sudo do-this\n');
    expect(err).toContain('--isolation permission');
    expect(existsSync(join(root, 'out'))).toBe(false);
    expect(ASKED.at(-1)).toBe('namespace');
  });

  test('is asked about the level that was named, and no other', async () => {
    const argv = ['--submission', '.', '--exercise', FIRST, '--out', 'out', '--isolation', 'permission'];
    expect((await run(refusing, smallWorkbook(), argv)).code).toBe(2);
    expect(ASKED.at(-1)).toBe('permission');
  });
});

test('the help names every option and every level', async () => {
  const { code, out } = await run(gradeCommand, smallWorkbook(), ['--help']);
  expect(code).toBe(0);
  for (const word of [
    '--submission',
    '--exercise',
    '--out',
    '--ref',
    '--isolation',
    '--detail',
    'namespace',
    'score',
  ]) {
    expect(out).toContain(word);
  }
});
