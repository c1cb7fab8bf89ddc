import { execFileSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { build, builtStamp, sourceStamp } from '../build/build.mjs';
import { LEVELS } from '../subject/testing/levels.ts';
import { readWritten } from './written-files.ts';

const root = process.cwd();
const built = join(root, '.workbook', 'build');
const folders: string[] = [];

beforeAll(async () => {
  if (builtStamp(root) !== sourceStamp(root)) await build(root);
}, 60_000);

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

function folderOf(files: Record<string, string | Buffer>): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'probe-test-')));
  folders.push(folder);
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return folder;
}

describe.each(LEVELS)('at isolation level %s', (isolation) => {
  const place = { build: built, isolation };

  test('reads regular files of a tree, byte for byte', async () => {
    const bytes = Buffer.from([0, 255, 13, 10]);
    const read = await readWritten(place, folderOf({ 'a.txt': 'one', 'deep/er/b.bin': bytes }));
    expect(
      read.ok && Object.fromEntries([...read.files].map(([path, file]) => [path, file.toString('hex')])),
    ).toEqual({
      'a.txt': Buffer.from('one').toString('hex'),
      'deep/er/b.bin': bytes.toString('hex'),
    });
  });

  test('follows no link: it is named, and what it leads to stays unread', async () => {
    const outside = folderOf({ 'secret.txt': 'secret' });
    const folder = folderOf({ 'a.txt': 'one' });
    symlinkSync(join(outside, 'secret.txt'), join(folder, 'link.txt'));
    symlinkSync(outside, join(folder, 'folder'));
    const read = await readWritten(place, folder);
    expect(read.ok && [...read.files.keys()]).toEqual(['a.txt']);
    expect(read.ok && [...read.others].toSorted(([a], [b]) => a.localeCompare(b))).toEqual([
      ['folder', 'a symbolic link'],
      ['link.txt', 'a symbolic link'],
    ]);
  });

  test.skipIf(process.platform === 'win32')('names a pipe without waiting for its other end', async () => {
    const folder = folderOf({});
    execFileSync('mkfifo', [join(folder, 'pipe')]);
    const read = await readWritten(place, folder);
    expect(read.ok && [...read.others]).toEqual([['pipe', 'a named pipe']]);
  });

  test('refuses what is larger than its limits', async () => {
    const folder = folderOf({ 'big.bin': '' });
    truncateSync(join(folder, 'big.bin'), 3 << 20);
    expect(await readWritten(place, folder)).toEqual({
      ok: false,
      why: 'a file larger than 1048576 bytes: big.bin',
    });
    const many = folderOf(Object.fromEntries(Array.from({ length: 5 }, (_, index) => [`${index}.txt`, 'x'])));
    expect(await readWritten(place, many, { limits: { files: 4 } })).toEqual({
      ok: false,
      why: 'more than 4 files',
    });
    const deep = folderOf({ 'a/b/c/d.txt': 'x' });
    expect(await readWritten(place, deep, { limits: { depth: 3 } })).toEqual({
      ok: false,
      why: 'folders more than 3 deep',
    });
  });

  test('ends a probe that takes too long, and says so', async () => {
    const read = await readWritten(place, folderOf({ 'a.txt': 'x' }), { within: 1 });
    expect(read).toEqual({ ok: false, why: 'reading what was written took more than 0.001 seconds' });
  });

  test('a folder that is gone is an answer and not an exception', async () => {
    const folder = folderOf({});
    rmSync(folder, { recursive: true });
    const read = await readWritten(place, folder);
    expect(read.ok).toBe(false);
  });
});
