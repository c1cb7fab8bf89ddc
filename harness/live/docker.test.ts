import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { dockerOf } from './docker.ts';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'workbook-docker-'));
  const script = `#!/bin/sh
case "$1" in
  said) printf '\\033[31m%s\\033[0m\\n' "$2 in $GIVEN" ;;
  fails) echo no >&2; exit 3 ;;
  hangs) exec sleep 60 ;;
esac
`;
  writeFileSync(join(folder, 'docker'), script);
  chmodSync(join(folder, 'docker'), 0o755);
});
afterAll(() => rmSync(folder, { recursive: true }));

const docker = () => dockerOf({ ...process.env, PATH: `${folder}${delimiter}${process.env['PATH'] ?? ''}` });

test.skipIf(process.platform === 'win32')(
  'what the engine prints comes without colours, and arguments meet no shell',
  async () => {
    const ran = await docker()(['said', '$(id)'], { within: 10, folder, env: { GIVEN: 'x' } });
    expect(ran).toEqual({ kind: 'ended', code: 0, text: '$(id) in x' });
  },
);

test.skipIf(process.platform === 'win32')('a failure comes with its exit code and its words', async () => {
  expect(await docker()(['fails'], { within: 10, folder })).toEqual({ kind: 'ended', code: 3, text: 'no' });
});

test.skipIf(process.platform === 'win32')('one that takes too long is killed', async () => {
  expect(await docker()(['hangs'], { within: 0.2, folder })).toEqual({ kind: 'late', seconds: 0.2 });
});

test('where no command is, that is what is said', async () => {
  expect(await dockerOf({ PATH: join(folder, 'none') })(['version'], { within: 10, folder })).toEqual({
    kind: 'missing',
  });
});
