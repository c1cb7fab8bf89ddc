import { expect, test } from 'vitest';
import { placesIn } from './source-place.ts';

const FILES = new Map([
  ['src/server.ts', 'one\ntwo\r\nthree'],
  ['src/a.ts', 'only'],
]);

test('a stack trace leads to lines of the files, each once', () => {
  const trace = `Error: no
    at f (/tmp/x/exercises/01-a/src/server.ts:2:5)
    at g (src/server.ts:2:9)
    at h (exercises\\01-a\\src\\a.ts:1:1)
    at node:internal/x:12:3`;
  expect(placesIn(trace, FILES)).toEqual([
    { file: 'src/server.ts', line: 2, text: 'two' },
    { file: 'src/a.ts', line: 1, text: 'only' },
  ]);
});

test('other files, and lines that are not there, are none', () => {
  expect(placesIn('src/other.ts:1:1 src/server.ts:9:1 xsrc/a.ts:1 server.ts:1 src/a.ts:0', FILES)).toEqual(
    [],
  );
});

test('a text made to be slow is not', () => {
  const begun = performance.now();
  placesIn('a/'.repeat(50_000), FILES);
  placesIn('a.'.repeat(50_000), FILES);
  expect(performance.now() - begun).toBeLessThan(1_000);
});
