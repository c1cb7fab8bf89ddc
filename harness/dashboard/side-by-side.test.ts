import { expect, test } from 'vitest';
import { pairLines } from './side-by-side.ts';

test('what was removed stands beside what was added', () => {
  const lines = ['@@ -1,4 +1,4 @@', ' a', '-b', '-c', '+d', ' e', '+f', '\\ No newline at end of file'];
  expect(pairLines(lines)).toEqual([
    { kind: 'gap' },
    { kind: 'same', yours: 'a', theirs: 'a' },
    { kind: 'change', yours: 'b', theirs: 'd' },
    { kind: 'change', yours: 'c', theirs: null },
    { kind: 'same', yours: 'e', theirs: 'e' },
    { kind: 'change', yours: null, theirs: 'f' },
  ]);
});

test('two changes in a row stay two', () => {
  expect(pairLines(['-a', '+b', '-c', '+d'])).toEqual([
    { kind: 'change', yours: 'a', theirs: 'b' },
    { kind: 'change', yours: 'c', theirs: 'd' },
  ]);
});
