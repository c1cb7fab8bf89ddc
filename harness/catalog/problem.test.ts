import { expect, test } from 'vitest';
import { describeProblem } from './problem.ts';

test('says where, what, what is expected and what to do next', () => {
  const text = describeProblem({
    file: 'exercises/04-jwt/exercise.json',
    key: 'parts.server.kind',
    expected: 'one of "http", "module"',
    message: 'The value is "web".',
  });
  expect(text.split('\n')).toEqual([
    'exercises/04-jwt/exercise.json, at parts.server.kind',
    '  The value is "web".',
    '  Expected: one of "http", "module".',
    expect.stringContaining('`git restore exercises/04-jwt/exercise.json`'),
  ]);
});

test('of a missing folder with the exercises says how to bring it back', () => {
  const text = describeProblem({
    file: 'exercises',
    key: null,
    expected: 'the folder',
    message: 'It does not exist.',
  });
  expect(text).toContain('`git restore exercises` brings back');
  expect(text).not.toContain('npm run list');
});

test('leads to the list when the exercise itself is not there', () => {
  const text = describeProblem({
    file: 'exercises/99-none',
    key: null,
    expected: 'a folder',
    message: 'It does not exist.',
  });
  expect(text).toMatch(/^exercises\/99-none\n/);
  expect(text).toContain('npm run list');
  expect(text).not.toContain('git restore');
});
