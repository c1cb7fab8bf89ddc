import { execFileSync } from 'node:child_process';
import { chmodSync, linkSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { digestFiles, readEditable } from './editable.ts';
import type { EditableLimits } from './editable.ts';
import { temporaryFolder, writeFiles } from './temp-workbook.ts';

const unix = process.platform !== 'win32';
const TS = ['src/**/*.ts'];

function folderWith(files: Record<string, string | Buffer>): string {
  const folder = temporaryFolder();
  writeFiles(folder, files);
  return folder;
}

async function readOk(folder: string, globs: string[] = TS) {
  const read = await readEditable(folder, globs);
  if (!read.ok) throw new Error(read.problem.message);
  return { files: Object.fromEntries(read.files), names: [...read.files.keys()], skipped: read.skipped };
}

async function problemOf(folder: string, limits: Partial<EditableLimits> = {}, globs: string[] = TS) {
  const read = await readEditable(folder, globs, limits);
  return read.ok ? null : read.problem;
}

describe('takes the files that the globs name', () => {
  test('as text, with forward slashes, sorted, without a byte order mark', async () => {
    const folder = folderWith({
      'src/z.ts': 'z',
      'src/a/b.ts': '\ufeffZoë\r\n',
      'src/a/notes.md': '',
      'src/.hidden.ts': '',
      'README.md': '',
      'hidden/x.suite.ts': '',
    });
    const { files, names, skipped } = await readOk(folder);
    expect(files).toEqual({ 'src/a/b.ts': 'Zoë\r\n', 'src/z.ts': 'z' });
    expect(names).toEqual(['src/a/b.ts', 'src/z.ts']);
    expect(skipped).toEqual([]);
  });

  test('without entering node_modules or folders that begin with a dot', async () => {
    const folder = folderWith({
      'src/a.ts': '',
      'src/node_modules/b.ts': '',
      'src/.cache/c.ts': '',
      'node_modules/d.ts': '',
      '.git/e.ts': '',
    });
    expect((await readOk(folder, ['**/*.ts'])).names).toEqual(['src/a.ts']);
    expect((await readOk(folder, ['.git/*.ts', 'node_modules/*.ts'])).names).toEqual([]);
  });

  test('also from a dot folder, or with a dot name, that a glob spells out', async () => {
    const folder = folderWith({
      '.github/workflows/ci.yml': 'on: push',
      '.github/other/no.yml': '',
      '.dockerignore': '.git',
      Dockerfile: 'FROM node:22',
    });
    const { names } = await readOk(folder, ['.github/workflows/*.yml', '.dockerignore', 'Dockerfile']);
    expect(names).toEqual(['.dockerignore', '.github/workflows/ci.yml', 'Dockerfile']);
  });

  test('and nothing, when there is none', async () => {
    expect(await readOk(folderWith({ 'README.md': '' }))).toEqual({ files: {}, names: [], skipped: [] });
  });

  test('also through a hard link, as some editors make them', async () => {
    const folder = folderWith({ 'src/a.ts': 'a' });
    linkSync(join(folder, 'src', 'a.ts'), join(folder, 'src', 'b.ts'));
    expect((await readOk(folder)).files).toEqual({ 'src/a.ts': 'a', 'src/b.ts': 'a' });
  });
});

describe.skipIf(!unix)('skips and says what is no ordinary file', () => {
  test('links: out of the folder, dangling, in a circle, to a folder', async () => {
    const folder = folderWith({ 'exercise/src/a.ts': 'a', 'secret/s.ts': 'secret' });
    const exercise = join(folder, 'exercise');
    const links = {
      'src/out.ts': join(folder, 'secret', 's.ts'),
      'src/near.ts': 'a.ts',
      'src/dangling.ts': 'none.ts',
      'src/loop.ts': 'loop.ts',
      'src/folder': join(folder, 'secret'),
      'src/up': '..',
      'src/notes.md': '/etc/passwd',
    };
    for (const [path, target] of Object.entries(links)) symlinkSync(target, join(exercise, path));
    const { files, skipped } = await readOk(exercise);
    expect(files).toEqual({ 'src/a.ts': 'a' });
    expect(skipped.map(({ path }) => path).toSorted()).toEqual(Object.keys(links).toSorted());
    expect(new Set(skipped.map(({ why }) => why))).toEqual(
      new Set(['It is a link, and links are not followed. Put the file itself there.']),
    );
  });

  test('a folder of the globs that is itself a link', async () => {
    const folder = folderWith({ 'secret/s.ts': 'secret', 'exercise/README.md': '' });
    symlinkSync(join(folder, 'secret'), join(folder, 'exercise', 'src'));
    const { files, skipped } = await readOk(join(folder, 'exercise'));
    expect(files).toEqual({});
    expect(skipped).toMatchObject([{ path: 'src' }]);
  });

  test('a FIFO, without waiting for its other end', async () => {
    const folder = folderWith({ 'src/a.ts': 'a' });
    execFileSync('mkfifo', [join(folder, 'src', 'pipe.ts')]);
    const { names, skipped } = await readOk(folder);
    expect(names).toEqual(['src/a.ts']);
    expect(skipped).toEqual([{ path: 'src/pipe.ts', why: expect.stringContaining('pipe') }]);
  });

  test('names that would repaint a terminal or mean something else elsewhere', async () => {
    const folder = folderWith({
      'src/a.ts': 'a',
      'src/b\n.ts': '',
      'src/\u001b[2J.ts': '',
      'src/con.ts': '',
      'src/x\u202est.ts': '',
      'src/bad\u0007folder/c.ts': '',
    });
    const { names, skipped } = await readOk(folder);
    expect(names).toEqual(['src/a.ts']);
    expect(skipped.map(({ path }) => path).toSorted()).toEqual([
      'src/\\u{1b}[2J.ts',
      'src/b\\u{a}.ts',
      'src/bad\\u{7}folder',
      'src/con.ts',
      'src/x\\u{202e}st.ts',
    ]);
  });

  test('names that are no Unicode', async () => {
    const folder = folderWith({ 'src/a.ts': 'a' });
    try {
      writeFileSync(
        Buffer.concat([Buffer.from(`${folder}/src/b`), Buffer.from([0xff]), Buffer.from('.ts')]),
        '',
      );
    } catch {
      // Some file systems refuse such a name; then there is nothing to skip.
      return;
    }
    const { names, skipped } = await readOk(folder);
    expect(names).toEqual(['src/a.ts']);
    expect(skipped).toMatchObject([{ why: 'Its name is not valid Unicode.' }]);
  });

  test('names that differ only in case or in how an accent is written', async ({ skip }) => {
    const folder = folderWith({
      'src/a.ts': '',
      'src/Server.ts': '',
      'src/server.ts': '',
      'src/Zo\u00eb.ts': '',
      'src/zoe\u0308.ts': '',
    });
    if (readdirSync(join(folder, 'src')).length < 5) skip('this disk cannot hold both names');
    const { names, skipped } = await readOk(folder);
    expect(names).toEqual(['src/a.ts']);
    expect(skipped).toHaveLength(4);
    expect(skipped).toContainEqual({
      path: 'src/Server.ts',
      why: expect.stringContaining('"src/server.ts"'),
    });
  });
});

describe('stops, with a named problem, at', () => {
  test('a folder that is missing or is none', async () => {
    const folder = folderWith({ file: '' });
    expect(await problemOf(join(folder, 'none'))).toMatchObject({ kind: 'missing', path: null });
    expect(await problemOf(join(folder, 'file'))).toMatchObject({ kind: 'not-a-folder', path: null });
  });

  test.skipIf(!unix)('a folder that is a link', async () => {
    const folder = folderWith({ 'other/src/a.ts': '' });
    symlinkSync('other', join(folder, 'exercise'));
    expect(await problemOf(join(folder, 'exercise'))).toMatchObject({ kind: 'not-a-folder' });
  });

  test.skipIf(!unix || process.getuid?.() === 0)('a file or folder that may not be read', async () => {
    const folder = folderWith({ 'src/a.ts': '' });
    chmodSync(join(folder, 'src', 'a.ts'), 0);
    expect(await problemOf(folder)).toMatchObject({ kind: 'unreadable', path: 'src/a.ts' });
    mkdirSync(join(folder, 'src', 'b'), { mode: 0 });
    expect(await problemOf(folder)).toMatchObject({ kind: 'unreadable', path: 'src/b' });
  });

  test('more than 200 files', async () => {
    const files = Object.fromEntries(Array.from({ length: 201 }, (_, index) => [`src/${index}.ts`, '']));
    const folder = folderWith({ ...files, 'src/notes.md': '' });
    expect(await problemOf(folder)).toEqual({
      kind: 'too-many-files',
      path: null,
      message: expect.stringContaining('200'),
    });
    expect(await problemOf(folder, { files: 201 })).toBeNull();
  });

  test('a file over 256 KiB', async () => {
    const folder = folderWith({ 'src/a.ts': 'x'.repeat(256 * 1024), 'src/big.md': 'x'.repeat(300 * 1024) });
    expect(await problemOf(folder)).toBeNull();
    writeFiles(folder, { 'src/b.ts': 'x'.repeat(256 * 1024 + 1) });
    expect(await problemOf(folder)).toEqual({
      kind: 'file-too-large',
      path: 'src/b.ts',
      message: expect.stringMatching(/^"src\/b\.ts" is larger than 256 KiB.* Make it smaller/),
    });
  });

  test('more than 2 MiB in all', async () => {
    const files = Object.fromEntries(
      Array.from({ length: 8 }, (_, index) => [`src/${index}.ts`, 'x'.repeat(256 * 1024)]),
    );
    const folder = folderWith(files);
    expect(await problemOf(folder)).toBeNull();
    writeFiles(folder, { 'src/9.ts': 'x' });
    expect(await problemOf(folder)).toMatchObject({
      kind: 'too-large',
      message: expect.stringContaining('2 MiB'),
    });
  });

  test('more than ten levels', async () => {
    const nine = Array.from({ length: 8 }, () => 'd').join('/');
    const folder = folderWith({ [`src/${nine}/a.ts`]: '' });
    expect(await problemOf(folder)).toBeNull();
    writeFiles(folder, { [`src/${nine}/d/a.ts`]: '' });
    expect(await problemOf(folder)).toMatchObject({ kind: 'too-deep', path: `src/${nine}/d/a.ts` });
  });

  test('more names than anyone looks at', async () => {
    const folder = folderWith({ 'src/a.md': '', 'src/b.md': '', 'src/c.md': '' });
    // `src` itself is a name too.
    expect(await problemOf(folder, { names: 4 })).toBeNull();
    expect(await problemOf(folder, { names: 3 })).toMatchObject({ kind: 'too-many-names' });
  });

  test('bytes that are no UTF-8', async () => {
    const folder = folderWith({ 'src/a.ts': Buffer.from('\ufeffexport {}', 'utf16le') });
    expect(await problemOf(folder)).toEqual({
      kind: 'not-utf8',
      path: 'src/a.ts',
      message: expect.stringMatching(/no UTF-8 text. Save it as UTF-8/),
    });
  });
});

describe('digestFiles', () => {
  test('is the SHA-256 of lengths, names and contents', () => {
    // printf '4:a.ts3:x\xc3\xab' | sha256sum
    expect(digestFiles(new Map([['a.ts', 'xë']]))).toBe(
      'f73df13680833290967ba6b29962732021d51c509084d677eef9e0f7a1039b3e',
    );
  });

  test('does not depend on the order', () => {
    const one = new Map([
      ['b.ts', '2'],
      ['a.ts', '1'],
    ]);
    expect(digestFiles(one)).toBe(digestFiles(new Map([...one].toReversed())));
  });

  test('differs whenever a name or a content differs, also where they run together', () => {
    const sets: [string, string][][] = [
      [],
      [['', '']],
      [['a', '']],
      [['', 'a']],
      [['a', 'b']],
      [['ab', '']],
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
      [['a', 'b1:c1:d']],
      [['a1:b1:c', 'd']],
    ];
    const digests = sets.map((files) => digestFiles(new Map(files)));
    expect(new Set(digests).size).toBe(sets.length);
  });
});
