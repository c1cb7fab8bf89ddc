import { execFileSync } from 'node:child_process';
import { mkdirSync, linkSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { failureText, readTextFile, sizeText } from './regular-file.ts';
import { temporaryFolder, writeFiles } from './temp-workbook.ts';

const unix = process.platform !== 'win32';

describe('readTextFile', () => {
  test('reads text, without its byte order mark, and says how many names the file has', () => {
    const folder = temporaryFolder();
    writeFiles(folder, { 'a.txt': '\ufeffZoë 🎉\r\n' });
    expect(readTextFile(join(folder, 'a.txt'), 100)).toEqual({
      ok: true,
      text: 'Zoë 🎉\r\n',
      bytes: 14,
      links: 1,
    });
    linkSync(join(folder, 'a.txt'), join(folder, 'b.txt'));
    expect(readTextFile(join(folder, 'a.txt'), 100)).toMatchObject({ links: 2 });
  });

  test.each([0, 1, 65_536, 200_000])(
    'reads up to the limit of %d bytes, and says when there is more',
    (limit) => {
      const folder = temporaryFolder();
      writeFiles(folder, { 'full.txt': 'x'.repeat(limit), 'over.txt': 'x'.repeat(limit + 1) });
      expect(readTextFile(join(folder, 'full.txt'), limit)).toMatchObject({ ok: true, bytes: limit });
      expect(readTextFile(join(folder, 'over.txt'), limit)).toEqual({
        ok: false,
        why: 'too-large',
        code: null,
      });
    },
  );

  test('tells a missing file, a file on the way, a folder and bytes that are no text apart', () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'sub'));
    writeFileSync(join(folder, 'bytes'), Buffer.from([0x61, 0xc3]));
    expect(readTextFile(join(folder, 'none'), 10)).toMatchObject({ ok: false, why: 'missing' });
    expect(readTextFile(join(folder, 'bytes', 'none'), 10)).toMatchObject({ ok: false, why: 'missing' });
    expect(readTextFile(join(folder, 'sub'), 10)).toMatchObject({ ok: false, why: 'folder' });
    expect(readTextFile(join(folder, 'bytes'), 10)).toMatchObject({ ok: false, why: 'not-utf8' });
    expect(readTextFile('a\u0000b', 10)).toMatchObject({ ok: false, why: 'unreadable' });
  });

  test.skipIf(!unix)('follows no link, whether it leads to a file, to nothing or to itself', () => {
    const folder = temporaryFolder();
    writeFiles(folder, { 'a.txt': 'secret' });
    for (const [name, target] of Object.entries({ file: 'a.txt', dangling: 'none', loop: 'loop' })) {
      symlinkSync(target, join(folder, name));
      expect(readTextFile(join(folder, name), 10)).toMatchObject({ ok: false, why: 'link' });
    }
  });

  test.skipIf(!unix)('does not wait for a FIFO, a socket or a device', async () => {
    const folder = temporaryFolder();
    execFileSync('mkfifo', [join(folder, 'fifo')]);
    const server = createServer().listen(join(folder, 'socket'));
    await once(server, 'listening');
    try {
      for (const path of [join(folder, 'fifo'), join(folder, 'socket'), '/dev/zero']) {
        expect(readTextFile(path, 10)).toMatchObject({ ok: false, why: 'special' });
      }
    } finally {
      server.close();
    }
  });

  test.skipIf(!unix)('refuses a file that a swapped folder led to', () => {
    const folder = temporaryFolder();
    writeFiles(folder, { 'mine/a.txt': 'mine', 'mine2/a.txt': 'not mine' });
    symlinkSync(join('..', 'mine2'), join(folder, 'mine', 'sub'));
    const mine = join(folder, 'mine');
    expect(readTextFile(join(mine, 'a.txt'), 10, mine)).toMatchObject({ ok: true, text: 'mine' });
    expect(readTextFile(join(mine, 'sub', 'a.txt'), 10, mine)).toMatchObject({ ok: false, why: 'moved' });
    // A name that only begins like the folder's is no place inside of it.
    expect(readTextFile(join(folder, 'mine2', 'a.txt'), 10, mine)).toMatchObject({ ok: false, why: 'moved' });
  });
});

test('a failure is told in a sentence', () => {
  expect(failureText({ why: 'too-large', code: null }, 64 * 1024)).toBe('It is larger than 64 KiB.');
  expect(failureText({ why: 'unreadable', code: 'EACCES' }, 0)).toBe('You have no permission to read it.');
  expect(failureText({ why: 'unreadable', code: 'EIO' }, 0)).toBe('It cannot be read (EIO).');
});

test.each([
  [2 * 1024 * 1024, '2 MiB'],
  [256 * 1024, '256 KiB'],
  [1000, '1000 bytes'],
])('%d bytes read as %s', (bytes, text) => {
  expect(sizeText(bytes)).toBe(text);
});
