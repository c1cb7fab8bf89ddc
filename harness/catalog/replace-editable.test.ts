import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { keptCopies } from './kept-copy.ts';
import { resetExercise, restoreCopy } from './replace-editable.ts';
import type { Replaced, Replacing } from './replace-editable.ts';
import { temporaryFolder, writeFiles } from './temp-workbook.ts';

const ID = '04-jwt';
const NOW = Date.UTC(2031, 0, 1);
const NAME = '2031-01-01T00-00-00-000Z';
const STUB = { 'src/app.ts': '// begin\n', 'src/lib/tokens.ts': '// tokens\n' };
const onWindows = process.platform === 'win32';

/** A workbook with a stub of two files, and the learner's files beside it. */
function workbook(mine: Record<string, string | Buffer>): { root: string; replacing: Replacing } {
  const root = temporaryFolder();
  const folder = join(root, 'exercises', ID);
  mkdirSync(folder, { recursive: true });
  writeFiles(folder, { 'README.md': '# Tokens\n', 'hidden/a.suite.ts': '', ...mine });
  writeFiles(join(root, 'solutions', ID, 'stub'), STUB);
  const exercise = { id: ID, folder, editable: ['src/**/*.ts'] };
  return { root, replacing: { root, exercise, now: NOW, confirm: () => Promise.resolve(true) } };
}

/** All files below a folder: relative path → text. */
function filesOf(folder: string): Record<string, string> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return Object.fromEntries(
    entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path) => [path.slice(folder.length + 1).replaceAll('\\', '/'), readFileSync(path, 'utf8')]),
  );
}

const sources = (root: string) => filesOf(join(root, 'exercises', ID, 'src'));
const kept = (root: string, name = NAME) => filesOf(join(root, '.workbook', 'kept', ID, name));
const STUB_SOURCES = { 'app.ts': '// begin\n', 'lib/tokens.ts': '// tokens\n' };

function copyIn(replaced: Replaced) {
  if ('copy' in replaced && replaced.copy !== null) return replaced.copy;
  throw new Error(`no copy: ${JSON.stringify(replaced)}`);
}

describe('a reset', () => {
  test('puts the stub back byte for byte, and keeps every file that it takes away', async () => {
    const mine = { 'src/app.ts': '// mine\n', 'src/deep/er/own.ts': '// own\n', 'src/notes.md': 'not code' };
    const { root, replacing } = workbook(mine);
    const replaced = await resetExercise(replacing);
    expect(replaced).toEqual({
      kind: 'replaced',
      replacement: {
        changed: ['src/app.ts'],
        missing: ['src/lib/tokens.ts'],
        additional: ['src/deep/er/own.ts'],
      },
      copy: { name: NAME, folder: `.workbook/kept/${ID}/${NAME}` },
    });
    expect(sources(root)).toEqual({ ...STUB_SOURCES, 'notes.md': 'not code' });
    expect(existsSync(join(root, 'exercises', ID, 'src', 'deep'))).toBe(false);
    expect(kept(root)).toEqual({ 'src/app.ts': '// mine\n', 'src/deep/er/own.ts': '// own\n' });
  });

  test('keeps bytes that are no text, and line ends as they are', async () => {
    const odd = Buffer.from([0xff, 0xfe, 0x00, 0x0d, 0x0a]);
    const { root, replacing } = workbook({ 'src/app.ts': odd });
    await resetExercise(replacing);
    expect(readFileSync(join(root, '.workbook', 'kept', ID, NAME, 'src', 'app.ts')).equals(odd)).toBe(true);
  });

  test('leaves files alone that are the stub already', async () => {
    const { root, replacing } = workbook({ ...STUB, 'src/own.ts': '' });
    const untouched = join(root, 'exercises', ID, 'src', 'app.ts');
    const { ino } = statSync(untouched, { bigint: true });
    await resetExercise(replacing);
    expect(statSync(untouched, { bigint: true }).ino).toBe(ino);
  });

  test('has nothing to do where nothing changed, and asks nothing', async () => {
    const { root, replacing } = workbook(STUB);
    const confirm = () => Promise.reject(new Error('asked'));
    expect(await resetExercise({ ...replacing, confirm })).toEqual({ kind: 'same' });
    expect(existsSync(join(root, '.workbook'))).toBe(false);
  });

  test('changes nothing after a no', async () => {
    const { root, replacing } = workbook({ 'src/app.ts': '// mine\n' });
    const confirm = () => Promise.resolve(false);
    expect(await resetExercise({ ...replacing, confirm })).toEqual({ kind: 'declined' });
    expect(sources(root)).toEqual({ 'app.ts': '// mine\n' });
    expect(existsSync(join(root, '.workbook'))).toBe(false);
  });

  test('keeps what was saved while the question stood there', async () => {
    const { root, replacing } = workbook({ 'src/app.ts': '// mine\n' });
    const confirm = () => {
      writeFiles(replacing.exercise.folder, { 'src/app.ts': '// later\n', 'src/new.ts': '// new\n' });
      return Promise.resolve(true);
    };
    expect((await resetExercise({ ...replacing, confirm })).kind).toBe('replaced');
    expect(kept(root)).toEqual({ 'src/app.ts': '// later\n', 'src/new.ts': '// new\n' });
    expect(sources(root)).toEqual(STUB_SOURCES);
  });

  test('with no file there brings all back, and has nothing to keep', async () => {
    const { root, replacing } = workbook({});
    expect(await resetExercise(replacing)).toMatchObject({ kind: 'replaced', copy: null });
    expect(sources(root)).toEqual(STUB_SOURCES);
  });

  test('twice in the same moment keeps two copies', async () => {
    const { root, replacing } = workbook({ 'src/app.ts': '// one\n' });
    await resetExercise(replacing);
    writeFiles(replacing.exercise.folder, { 'src/app.ts': '// two\n' });
    expect(copyIn(await resetExercise(replacing)).name).toBe(`${NAME}-2`);
    expect(kept(root)['src/app.ts']).toBe('// one\n');
    expect(kept(root, `${NAME}-2`)['src/app.ts']).toBe('// two\n');
    expect(keptCopies(root, ID).map(({ name }) => name)).toEqual([NAME, `${NAME}-2`]);
  });

  test.skipIf(onWindows)('takes the permission to run over from the stub', async () => {
    const { root, replacing } = workbook({ 'src/app.ts': '// mine\n' });
    chmodSync(join(root, 'solutions', ID, 'stub', 'src', 'app.ts'), 0o755);
    await resetExercise(replacing);
    expect(statSync(join(root, 'exercises', ID, 'src', 'app.ts')).mode & 0o100).toBe(0o100);
  });

  test('says where the stub should be when it is not there', async () => {
    const { root, replacing } = workbook({ 'src/app.ts': '// mine\n' });
    rmSync(join(root, 'solutions'), { recursive: true });
    const replaced = await resetExercise(replacing);
    expect(replaced).toEqual({
      kind: 'refused',
      message: expect.stringContaining(`git restore solutions/${ID}/stub`) as string,
    });
  });
});

describe('a copy that is brought back', () => {
  test('is the files as they were, and what was there is kept in turn', async () => {
    const { root, replacing } = workbook({ 'src/app.ts': '// mine\n', 'src/own.ts': '// own\n' });
    const copy = copyIn(await resetExercise(replacing));
    const back = copyIn(await restoreCopy(replacing, copy));
    expect(sources(root)).toEqual({ 'app.ts': '// mine\n', 'own.ts': '// own\n' });
    expect(kept(root, back.name)).toEqual(STUB);
    expect(await restoreCopy(replacing, copy)).toEqual({ kind: 'same' });
  });

  test('without files is refused: it would only take away', async () => {
    const { root, replacing } = workbook(STUB);
    mkdirSync(join(root, '.workbook', 'kept', ID, 'empty'), { recursive: true });
    const [empty] = keptCopies(root, ID);
    if (empty === undefined) throw new Error('no copy');
    expect((await restoreCopy(replacing, empty)).kind).toBe('refused');
    expect(sources(root)).toEqual(STUB_SOURCES);
  });
});

/** Each changes the workbook so that a reset would write or delete somewhere else, or overwrite what it cannot keep. */
const IN_THE_WAY: [name: string, prepare: (root: string, outside: string) => void, said: string][] = [
  ['a file that is a link', (root, outside) => link(outside, root, 'src/app.ts', 'target.ts'), 'src/app.ts'],
  [
    'an added file that is a link',
    (root, outside) => link(outside, root, 'src/more.ts', 'target.ts'),
    'more',
  ],
  [
    'a link that leads nowhere',
    (root, outside) => link(outside, root, 'src/app.ts', 'none.ts'),
    'src/app.ts',
  ],
  ['a folder that is a link', (root, outside) => link(outside, root, 'src', '.'), '"src"'],
  ['a deeper folder that is a link', (root, outside) => link(outside, root, 'src/lib', '.'), '"src/lib"'],
  [
    'a folder in the place of a file',
    (root) => mkdirSync(join(root, 'exercises', ID, 'src', 'app.ts'), { recursive: true }),
    '"src/app.ts" is in the way',
  ],
  [
    'a file in the place of a folder',
    (root) => writeFiles(join(root, 'exercises', ID), { 'src/lib': 'a note' }),
    '"src/lib" is in the way of "src/lib/tokens.ts"',
  ],
];

function link(outside: string, root: string, path: string, target: string): void {
  const place = join(root, 'exercises', ID, path);
  rmSync(place, { recursive: true, force: true });
  mkdirSync(join(place, '..'), { recursive: true });
  symlinkSync(join(outside, target), place);
}

describe.skipIf(onWindows)('nothing is changed where a reset cannot be sure', () => {
  test.each(IN_THE_WAY)('%s', async (_name, prepare, said) => {
    const { root, replacing } = workbook({ 'src/own.ts': '// own\n' });
    const outside = temporaryFolder();
    writeFiles(outside, { 'target.ts': 'outside' });
    prepare(root, outside);
    const before = filesOf(join(root, 'exercises', ID));
    const replaced = await resetExercise(replacing);
    expect(replaced).toEqual({ kind: 'refused', message: expect.stringContaining(said) as string });
    expect(filesOf(join(root, 'exercises', ID))).toEqual(before);
    expect(filesOf(outside)).toEqual({ 'target.ts': 'outside' });
    expect(existsSync(join(root, '.workbook'))).toBe(false);
  });

  test.each(['.workbook', '.workbook/kept', `.workbook/kept/${ID}`])('%s is a link', async (path) => {
    const { root, replacing } = workbook({ 'src/app.ts': '// mine\n' });
    const outside = temporaryFolder();
    mkdirSync(join(root, path, '..'), { recursive: true });
    symlinkSync(outside, join(root, path));
    expect(await resetExercise(replacing)).toMatchObject({ kind: 'failed', copy: null });
    expect(sources(root)).toEqual({ 'app.ts': '// mine\n' });
    expect(readdirSync(outside)).toEqual([]);
  });

  test('the exercises folder is a link', async () => {
    const { root, replacing } = workbook({ 'src/app.ts': '// mine\n' });
    const other = temporaryFolder();
    symlinkSync(join(root, 'exercises'), join(other, 'exercises'));
    const exercise = { ...replacing.exercise, folder: join(other, 'exercises', ID) };
    const stub = join(other, 'solutions', ID, 'stub');
    mkdirSync(stub, { recursive: true });
    writeFiles(stub, STUB);
    const replaced = await resetExercise({ ...replacing, root: other, exercise });
    expect(replaced).toMatchObject({ kind: 'refused' });
    expect(sources(root)).toEqual({ 'app.ts': '// mine\n' });
  });
});

describe('trouble', () => {
  test('before the copy is whole leaves the files as they are, and no half copy', async () => {
    const { root, replacing } = workbook({ 'src/app.ts': '// mine\n' });
    mkdirSync(join(root, '.workbook'));
    writeFileSync(join(root, '.workbook', 'kept'), 'a file where the folder should be');
    expect(await resetExercise(replacing)).toEqual({
      kind: 'failed',
      message: expect.stringContaining('Nothing was changed.') as string,
      copy: null,
    });
    expect(sources(root)).toEqual({ 'app.ts': '// mine\n' });
  });

  test('in the middle has the copy already, and the next run finishes the work', async () => {
    const { root, replacing } = workbook({ 'src/app.ts': '// mine\n', 'src/own.ts': '// own\n' });
    // A folder of that name cannot give way to the unfinished file.
    const inTheWay = join(root, 'exercises', ID, 'src', '.unfinished-1');
    mkdirSync(inTheWay);
    const first = await resetExercise(replacing);
    expect(first).toMatchObject({
      kind: 'failed',
      message: expect.stringContaining('"src/app.ts"') as string,
    });
    expect(kept(root, copyIn(first).name)).toEqual({ 'src/app.ts': '// mine\n', 'src/own.ts': '// own\n' });
    expect(sources(root)).toEqual({ 'app.ts': '// mine\n' });

    rmSync(inTheWay, { recursive: true });
    expect((await resetExercise(replacing)).kind).toBe('replaced');
    expect(sources(root)).toEqual(STUB_SOURCES);
  });

  test('an unfinished file that a killed process left is cleared away', async () => {
    const { root, replacing } = workbook({ 'src/app.ts': '// mine\n', 'src/.unfinished-99999': '// beg' });
    expect((await resetExercise(replacing)).kind).toBe('replaced');
    expect(sources(root)).toEqual(STUB_SOURCES);
  });
});
