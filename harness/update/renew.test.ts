import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { temporaryFolder, writeFiles } from '../catalog/temp-workbook.ts';
import { renew } from './renew.ts';

/** A workbook whose build ends with this exit code, and a folder with an npm that does the same. */
function workbook(code: number): { root: string; env: NodeJS.ProcessEnv } {
  const root = temporaryFolder();
  writeFiles(root, {
    'harness/build/run.mjs': `console.error('asked to ' + process.argv[2]);\nprocess.exit(${code});\n`,
    'bin/npm': `#!/bin/sh\necho "asked to $1" >&2\nexit ${code}\n`,
  });
  chmodSync(join(root, 'bin', 'npm'), 0o755);
  return { root, env: { ...process.env, PATH: `${join(root, 'bin')}:/usr/bin:/bin` } };
}

const BOTH = { install: true, build: true };

describe('what has to be done after the files are new', () => {
  test('is nothing where nothing is asked for', async () => {
    const said: string[] = [];
    const { root } = workbook(1);
    const done = await renew(root, { install: false, build: false }, (what) => said.push(what));
    expect([done, said]).toEqual([{ kind: 'done' }, []]);
  });

  test('is a build by the newer harness, in a process of its own', async () => {
    const said: string[] = [];
    const { root } = workbook(0);
    const done = await renew(root, { install: false, build: true }, (what) => said.push(what));
    expect([done, said]).toEqual([{ kind: 'done' }, ['building']]);
  });

  test('names what finishes it when the build fails', async () => {
    const { root } = workbook(4);
    expect(await renew(root, { install: false, build: true }, () => {})).toEqual({
      kind: 'failed',
      next: 'npm ci',
      why: 'asked to build',
    });
  });

  test.skipIf(process.platform === 'win32').each([
    [0, { kind: 'done' }],
    [1, { kind: 'failed', next: 'npm ci', why: 'asked to ci' }],
  ])('is npm ci, which builds by itself, where the packages changed (exit %i)', async (code, wanted) => {
    const said: string[] = [];
    const { root, env } = workbook(code);
    expect(await renew(root, BOTH, (what) => said.push(what), env)).toEqual(wanted);
    expect(said).toEqual(['installing packages']);
  });
});
