import { describe, expect, test } from 'vitest';
import { collisionKey, nameProblem } from './file-name.ts';

describe('nameProblem', () => {
  test.each([
    'server.ts',
    'Zoë.ts',
    '世界.ts',
    '.dockerignore',
    'a b.ts',
    'console.ts',
    'com10.ts',
    '[id].ts',
  ])('takes %j', (name) => {
    expect(nameProblem(name)).toBeNull();
  });

  test.each([
    ['a\nb.ts', /control/],
    ['\u001b[2J.ts', /control/],
    ['a\u0085b.ts', /control/],
    ['a\u2028b.ts', /control/],
    ['st.\u202exe', /direction/],
    ['a\ufffd.ts', /Unicode/],
    ['a\udc00.ts', /Unicode/],
    ['a\\b.ts', /Windows/],
    ['a:b.ts', /Windows/],
    ['a.ts.', /dot or a space/],
    ['a.ts ', /dot or a space/],
    ['NUL', /device/],
    ['aux.ts', /device/],
    ['Com1.txt', /device/],
  ])('refuses %j', (name, reason) => {
    expect(nameProblem(name)).toMatch(reason);
  });
});

test.each([
  ['src/Server.ts', 'src/server.ts'],
  ['Zo\u00eb.ts', 'zoe\u0308.ts'],
])('%j and %j are one file on some disks', (one, other) => {
  expect(collisionKey(one)).toBe(collisionKey(other));
});
