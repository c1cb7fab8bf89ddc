import { applyPatch } from 'diff';
import { expect, test } from 'vitest';
import { diffFiles, unifiedDiff } from './file-diff.ts';

const files = (entries: Record<string, string>) => new Map(Object.entries(entries));
const FOLDERS = { yours: 'mine', theirs: 'right' };

test('a diff names every file of both sides, and what became of it', () => {
  const diffs = diffFiles(
    files({ 'src/a.ts': 'one\ntwo\n', 'src/b.ts': 'same\r\n', 'src/only-mine.ts': 'x\n' }),
    files({ 'src/a.ts': 'one\n2\n', 'src/b.ts': 'same\n', 'src/only-right.ts': 'y\n' }),
  );
  expect(diffs).toEqual([
    {
      path: 'src/a.ts',
      yours: true,
      theirs: true,
      kind: 'differs',
      lines: ['@@ -1,2 +1,2 @@', ' one', '-two', '+2'],
    },
    { path: 'src/b.ts', yours: true, theirs: true, kind: 'same' },
    {
      path: 'src/only-mine.ts',
      yours: true,
      theirs: false,
      kind: 'differs',
      lines: ['@@ -1,1 +0,0 @@', '-x'],
    },
    {
      path: 'src/only-right.ts',
      yours: false,
      theirs: true,
      kind: 'differs',
      lines: ['@@ -0,0 +1,1 @@', '+y'],
    },
  ]);
  expect(unifiedDiff(diffs, FOLDERS)).toBe(`--- mine/src/a.ts
+++ right/src/a.ts
@@ -1,2 +1,2 @@
 one
-two
+2
--- mine/src/only-mine.ts
+++ /dev/null
@@ -1,1 +0,0 @@
-x
--- /dev/null
+++ right/src/only-right.ts
@@ -0,0 +1,1 @@
+y
`);
});

test('a unified diff turns one file into the other, without a line feed at the end as well', () => {
  const before = Array.from({ length: 40 }, (_, line) => `line ${line}`).join('\n');
  const after = `${before.replace('line 3\n', '').replace('line 30', 'thirty')}\nlast`;
  const patch = unifiedDiff(diffFiles(files({ a: before }), files({ a: after })), FOLDERS);
  expect(applyPatch(before, patch ?? '')).toBe(after);
});

test('files that would take too long to compare are said to be far apart', () => {
  const [before, after] = ['a', 'b'].map((letter) =>
    Array.from({ length: 3_000 }, (_, line) => `${letter}${line}`).join('\n'),
  );
  const diffs = diffFiles(files({ a: before ?? '' }), files({ a: after ?? '' }), 0);
  expect(diffs).toEqual([{ path: 'a', yours: true, theirs: true, kind: 'far' }]);
  expect(unifiedDiff(diffs, FOLDERS)).toBeNull();
});
