import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';
import type { Headers } from 'tar-stream';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../catalog/temp-workbook.ts';
import { TAR_LIMITS } from './archive-tar.ts';
import type { TarLimits } from './archive-tar.ts';
import { takeArchive } from './intake-archive.ts';
import type { Taken } from './intake.ts';
import { exerciseOf } from './testing/exercise.ts';
import { zipOf } from './testing/zip.ts';
import type { ZipMember } from './testing/zip.ts';

const LINK = 0o120777;
const FILE = 0o100644;

async function taken(name: string, bytes: Buffer, limits?: TarLimits, ids = ['04-jwt']): Promise<Taken[]> {
  const path = join(temporaryFolder(), name);
  writeFileSync(path, bytes);
  const all = await takeArchive(
    path,
    ids.map((id) => exerciseOf(id)),
    limits,
  );
  if (all === null) throw new Error('it was taken for no archive');
  return all;
}

async function fromZip(members: readonly ZipMember[], ids?: string[]): Promise<Taken> {
  return (await taken('a.zip', zipOf(members), undefined, ids))[0] as Taken;
}

type TarMember = Headers & { content?: string | Buffer };

async function tarOf(members: readonly TarMember[]): Promise<Buffer> {
  const tar = pack();
  const bytes = buffer(tar);
  for (const { content = '', ...header } of members) tar.entry(header, content);
  tar.finalize();
  return await bytes;
}

async function fromTar(members: readonly TarMember[], limits?: TarLimits): Promise<Taken> {
  return (await taken('a.tgz', gzipSync(await tarOf(members)), limits))[0] as Taken;
}

/** What was taken, as plain data; or why nothing was. */
const filesOf = ({ sources }: Taken): Record<string, string> | string =>
  sources.ok ? Object.fromEntries(sources.files) : sources.message;
const refusedOf = ({ refused }: Taken): Record<string, string> =>
  Object.fromEntries(refused.map(({ path, why }) => [path, why]));

describe.each([
  ['a zip', fromZip],
  ['a tgz', fromTar],
] as const)('%s', (_kind, from) => {
  test('gives the editable files of a copy of the workbook, and nothing else of it', async () => {
    const got = await from([
      { name: 'exercises/04-jwt/src/app.ts', content: 'one' },
      { name: './exercises/04-jwt/src/deep/er.ts', content: 'two' },
      { name: 'exercises/04-jwt/hidden/app.suite.ts', content: 'no' },
      { name: 'exercises/04-jwt/src/node_modules/x/index.ts', content: 'no' },
      { name: 'exercises/04-jwt/src/.hidden/x.ts', content: 'no' },
      { name: 'exercises/04-jwt/exercise.json', content: '{}' },
      { name: 'package.json', content: '{}' },
      { name: 'vitest.config.ts', content: 'no' },
    ]);
    expect(filesOf(got)).toEqual({ 'src/app.ts': 'one', 'src/deep/er.ts': 'two' });
    expect(got.refused).toEqual([]);
  });

  test('may have the name of the packed folder in front of everything, and what macOS adds', async () => {
    const got = await from([
      { name: 'fork-main/exercises/04-jwt/src/app.ts', content: 'one' },
      { name: '__MACOSX/fork-main/exercises/04-jwt/src/._app.ts', content: 'no' },
    ]);
    expect(filesOf(got)).toEqual({ 'src/app.ts': 'one' });
  });

  test('may be the folder of the one exercise that is asked for', async () => {
    expect(filesOf(await from([{ name: 'src/app.ts', content: 'one' }]))).toEqual({ 'src/app.ts': 'one' });
    expect(filesOf(await from([{ name: '04-jwt/src/app.ts', content: 'one' }]))).toEqual({
      'src/app.ts': 'one',
    });
  });

  test('without the exercise says that it is missing', async () => {
    expect(filesOf(await from([{ name: 'exercises/05-validation/src/app.ts', content: 'one' }]))).toContain(
      'The submission has no folder exercises/',
    );
  });

  test('refuses names that lead out of it, by name, and takes the rest', async () => {
    const got = await from([
      { name: '../src/up.ts', content: 'no' },
      { name: 'src/../../x.ts', content: 'no' },
      { name: '/src/root.ts', content: 'no' },
      { name: 'C:/src/disk.ts', content: 'no' },
      { name: 'src/app.ts', content: 'one' },
    ]);
    expect(filesOf(got)).toEqual({ 'src/app.ts': 'one' });
    expect(refusedOf(got)).toMatchObject({
      '../src/up.ts': 'Its name leads out of the submission.',
      'src/../../x.ts': 'Its name leads out of the submission.',
      '/src/root.ts': 'Its name begins at the root of a disk.',
      'C:/src/disk.ts': 'Its name begins at the root of a disk.',
    });
  });

  test('refuses names that are one file elsewhere, names twice there, devices and signs that repaint a terminal', async () => {
    const got = await from([
      { name: 'src/App.ts', content: 'no' },
      { name: 'src/app.ts', content: 'no' },
      { name: 'src/e\u0301.ts', content: 'no' },
      { name: 'src/\u00e9.ts', content: 'no' },
      { name: 'src/twice.ts', content: 'no' },
      { name: 'src/twice.ts', content: 'no' },
      { name: 'src/con.ts', content: 'no' },
      { name: 'src/\u202ex.ts', content: 'no' },
      { name: 'src/a\u001b[2J.ts', content: 'no' },
      { name: 'src/good.ts', content: 'one' },
    ]);
    expect(filesOf(got)).toEqual({ 'src/good.ts': 'one' });
    expect(got.refused).toHaveLength(8);
    expect(got.refused.map(({ path }) => path).join('')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });

  test('with a file that is too large, or with too many, is not read on', async () => {
    const large = await from([{ name: 'src/app.ts', content: Buffer.alloc(40 * 1024 * 1024) }]);
    expect(filesOf(large)).toMatch(/larger than 256 KiB|unpacks to far more/);
    const many = Array.from({ length: 201 }, (_, index) => ({ name: `src/${index}.ts`, content: 'x' }));
    expect(filesOf(await from(many))).toContain('more than 200 files');
    const together = Array.from({ length: 10 }, (_, index) => ({
      name: `src/${index}.ts`,
      content: randomBytes(125 * 1024).toString('hex'),
    }));
    expect(filesOf(await from(together))).toContain('more than 2 MiB together');
  });

  test('with text that is no UTF-8 says which', async () => {
    const got = await from([{ name: 'src/app.ts', content: Buffer.from([0xff, 0xfe]) }]);
    expect(filesOf(got)).toContain('"src/app.ts" holds bytes that are no UTF-8 text');
  });

  test('with a pointer of Git LFS in the place of a file says so', async () => {
    const got = await from([
      { name: 'src/app.ts', content: 'version https://git-lfs.github.com/spec/v1\noid sha256:00\n' },
    ]);
    expect(refusedOf(got)['src/app.ts']).toContain('Git LFS');
  });
});

describe('a zip', () => {
  test('gives the files of two exercises, and an error for a third', async () => {
    const bytes = zipOf([
      { name: 'exercises/04-jwt/src/app.ts', content: 'four' },
      { name: 'exercises/05-validation/src/app.ts', content: 'five' },
    ]);
    const all = await taken('a.zip', bytes, undefined, ['04-jwt', '05-validation', '06-rate-limit']);
    expect(all.map(filesOf)).toEqual([
      { 'src/app.ts': 'four' },
      { 'src/app.ts': 'five' },
      expect.stringContaining('The submission has no folder exercises/'),
    ]);
  });

  test('with sixty thousand names is refused as a whole', async () => {
    const many = Array.from({ length: 60_000 }, (_, index) => ({ name: `x/${index}` }));
    expect(filesOf(await fromZip(many))).toContain('more than 50000 names');
  });

  test('refuses links, pipes and what is encrypted', async () => {
    const got = await fromZip([
      { name: 'src/link.ts', content: '/etc/passwd', mode: LINK },
      { name: 'src/pipe.ts', mode: 0o010644 },
      { name: 'src/secret.ts', content: 'x', flags: 0x801 },
      { name: 'src/app.ts', content: 'one', mode: FILE },
    ]);
    expect(filesOf(got)).toEqual({ 'src/app.ts': 'one' });
    expect(Object.keys(refusedOf(got)).toSorted()).toEqual(['src/link.ts', 'src/pipe.ts', 'src/secret.ts']);
  });

  test('reads backslashes as Windows means them', async () => {
    expect(filesOf(await fromZip([{ name: 'src\\app.ts', content: 'one' }]))).toEqual({
      'src/app.ts': 'one',
    });
    expect(
      filesOf(await fromZip([{ name: 'src\\..\\..\\x.ts' }, { name: 'src/app.ts', content: 'one' }])),
    ).toEqual({
      'src/app.ts': 'one',
    });
  });

  test('is believed in nothing that it says about sizes and sums', async () => {
    const got = await fromZip([
      { name: 'src/less.ts', content: 'x'.repeat(5_000), size: 10 },
      { name: 'src/more.ts', content: 'x', size: 1 << 30 },
      { name: 'src/sum.ts', content: 'x', crc: 1 },
      { name: 'src/app.ts', content: 'one' },
    ]);
    expect(filesOf(got)).toEqual({ 'src/app.ts': 'one' });
    expect(Object.keys(refusedOf(got)).toSorted()).toEqual(['src/less.ts', 'src/more.ts', 'src/sum.ts']);
  });

  test.each([
    ['cut off', zipOf([{ name: 'src/app.ts', content: 'one' }]).subarray(0, 40)],
    ['with a list that is longer than it says', zipOf([{ name: 'src/app.ts' }], 3)],
    ['of noise', Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), randomBytes(500)])],
  ])('%s is an error that says so', async (_what, bytes) => {
    const [got] = await taken('a.zip', bytes);
    expect(filesOf(got as Taken)).toContain('The archive is damaged');
  });
});

describe('a tgz', () => {
  test('with a hundred thousand names is refused as a whole', async () => {
    const one = (await tarOf([{ name: 'src/app.ts' }])).subarray(0, 512);
    const many = gzipSync(Buffer.concat([...Array.from({ length: 100_000 }, () => one), Buffer.alloc(1024)]));
    const patient = { ...TAR_LIMITS, ratio: 10_000 };
    const [got] = await taken('a.tgz', many, patient);
    expect(filesOf(got as Taken)).toContain('more than 50000 names');
  });

  test('refuses links, hard links, devices and pipes', async () => {
    const got = await fromTar([
      { name: 'src/link.ts', type: 'symlink', linkname: '/etc/passwd' },
      { name: 'src/hard.ts', type: 'link', linkname: 'exercises/04-jwt/hidden/x.suite.ts' },
      { name: 'src/device.ts', type: 'character-device', devmajor: 1, devminor: 5 },
      { name: 'src/pipe.ts', type: 'fifo' },
      { name: 'src', type: 'directory' },
      { name: 'src/app.ts', content: 'one' },
    ]);
    expect(filesOf(got)).toEqual({ 'src/app.ts': 'one' });
    expect(Object.keys(refusedOf(got)).toSorted()).toEqual([
      'src/device.ts',
      'src/hard.ts',
      'src/link.ts',
      'src/pipe.ts',
    ]);
  });

  test('may have names that are longer than a header', async () => {
    const folder = 'a-folder-with-a-long-name'.repeat(4);
    const name = `exercises/04-jwt/src/${folder}/${folder}/app.ts`;
    expect(filesOf(await fromTar([{ name, content: 'one' }]))).toEqual({
      [`src/${folder}/${folder}/app.ts`]: 'one',
    });
    const got = await fromTar([
      { name: `src/${'x'.repeat(70_000)}.ts` },
      { name: 'src/app.ts', content: 'one' },
    ]);
    expect(filesOf(got)).toEqual({ 'src/app.ts': 'one' });
    expect(got.refused[0]?.why).toContain('longer than 1000 characters');
  });

  test('that unpacks to far more than its size is refused before it is unpacked', async () => {
    const got = await fromTar([{ name: 'notes.txt', content: Buffer.alloc(64 * 1024 * 1024) }]);
    expect(filesOf(got)).toContain('unpacks to far more');
  });

  test('is not unpacked beyond a size, not held in memory beyond a header, and not waited for without end', async () => {
    const noise = { name: 'notes.txt', content: randomBytes(1024 * 1024) };
    expect(filesOf(await fromTar([noise], { ...TAR_LIMITS, unpacked: 512 * 1024 }))).toContain(
      'unpacks to far more',
    );
    const long = [{ name: `src/${'x'.repeat(300_000)}.ts` }];
    expect(filesOf(await fromTar(long, { ...TAR_LIMITS, headers: 64 * 1024 }))).toContain(
      'longer than a name can be',
    );
    expect(filesOf(await fromTar([noise], { ...TAR_LIMITS, within: 0 }))).toContain('in time');
  });

  test('may be a plain tar as well', async () => {
    const [got] = await taken('a.tar', await tarOf([{ name: 'src/app.ts', content: 'one' }]));
    expect(filesOf(got as Taken)).toEqual({ 'src/app.ts': 'one' });
  });

  test.each([
    ['cut off', async () => gzipSync(await tarOf([{ name: 'src/app.ts', content: 'one' }])).subarray(0, 60)],
    ['of noise', async () => await Promise.resolve(gzipSync(randomBytes(2_000)))],
  ])('%s is an error that says so', async (_what, make) => {
    const [got] = await taken('a.tgz', await make());
    expect(filesOf(got as Taken)).toContain('The archive is damaged');
  });
});

test('a file that is no archive is one by name only', async () => {
  const [got] = await taken('a.zip', Buffer.from('hello'));
  expect(filesOf(got as Taken)).toContain('no archive of a kind that can be read');
  const path = join(temporaryFolder(), 'notes.txt');
  writeFileSync(path, 'hello');
  expect(await takeArchive(path, [exerciseOf('04-jwt')])).toBeNull();
});
