import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { check as isFormatted } from 'prettier';
import { describe, expect, test } from 'vitest';
import { loadExercise } from '../catalog/load-exercise.ts';
import { temporaryFolder, writeFiles } from '../catalog/temp-workbook.ts';
import { readCanaries } from '../verify/canary.ts';
import { scaffold } from './scaffold.ts';
import { SCAFFOLD_KINDS } from './request.ts';

const HERE = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..');
const PLAIN = { kind: null, title: null, requires: null };

/** A workbook with the templates and nothing else. */
function emptyWorkbook(files: Record<string, string> = {}): string {
  const root = temporaryFolder();
  const templates = join('harness', 'scaffold', 'templates');
  cpSync(join(HERE, templates), join(root, templates), { recursive: true });
  writeFiles(root, files);
  return root;
}

function entries(root: string): string[] {
  return ['exercises', 'solutions'].flatMap((room) =>
    existsSync(join(root, room)) ? readdirSync(join(root, room)).map((name) => `${room}/${name}`) : [],
  );
}

describe('a scaffold', () => {
  test.each(SCAFFOLD_KINDS)('of kind %s can be loaded, and leaves no other folder behind', (kind) => {
    const root = emptyWorkbook();
    const made = scaffold(root, { ...PLAIN, id: '47-own', kind });
    expect(made.kind).toBe('made');
    const loaded = loadExercise(root, '47-own');
    expect(loaded).toMatchObject({
      ok: true,
      exercise: { title: 'Own', parts: [{ kind }], rules: [{ id: 'R1' }, { id: 'R2', needs: ['R1'] }] },
    });
    expect(entries(root)).toEqual(['exercises/47-own', 'solutions/47-own']);
  });

  test('takes title, phase, time and requirements from the roadmap', () => {
    const root = emptyWorkbook();
    scaffold(root, { ...PLAIN, id: '46-capstone' });
    const loaded = loadExercise(root, '46-capstone');
    expect(loaded.ok && loaded.exercise).toMatchObject({
      title: 'Ship it',
      phase: 5,
      minutes: 600,
      difficulty: 5,
      requires: expect.arrayContaining(['01-http-server', '12-production']),
    });
  });

  test('takes what is said instead, also a title with signs of Markdown and JSON in it', () => {
    const root = emptyWorkbook({ 'exercises/47-own/README.md': '' });
    const title = 'Read `a_b` <i> "now" $& {{ID}}';
    scaffold(root, { id: '48-more', kind: 'module', title, requires: '47-own, 04-jwt' });
    const loaded = loadExercise(root, '48-more');
    expect(loaded.ok && loaded.exercise).toMatchObject({ title, requires: ['47-own', '04-jwt'] });
  });

  test('has a canary in each file of its suite, another each time', () => {
    const root = emptyWorkbook();
    const marks = ['47-one', '48-two'].map((id) => {
      scaffold(root, { ...PLAIN, id });
      const { marks: found, problems } = readCanaries(join(root, 'exercises', id));
      expect(problems).toEqual([]);
      return found;
    });
    expect(marks.flat()).toHaveLength(2);
    expect(new Set(marks.flat()).size).toBe(2);
  });

  test.each([...SCAFFOLD_KINDS, 'long'])('is laid out as Prettier does it (%s)', async (kind) => {
    const root = emptyWorkbook();
    const isLong = kind === 'long';
    const id = isLong ? '46-capstone' : '47-own';
    const made = scaffold(root, { ...PLAIN, id, kind: isLong ? null : kind });
    if (made.kind !== 'made') throw new Error(made.why);
    const files = made.files.filter((path) => /\.(ts|json)$/.test(path));
    expect(files.length).toBeGreaterThan(2);
    for (const path of files) {
      const options = { singleQuote: true, printWidth: 110, filepath: path };
      expect([path, await isFormatted(readFileSync(join(root, path), 'utf8'), options)]).toEqual([
        path,
        true,
      ]);
    }
  });
});

describe('a wish that cannot be met', () => {
  test.each([
    ['../47-x', 'is no name for an exercise'],
    ['47', 'is no name for an exercise'],
    ['47-Own', 'is no name for an exercise'],
    ['4-own', 'is no name for an exercise'],
    [`47-${'x'.repeat(80)}`, 'is no name for an exercise'],
    ['05-other', 'The roadmap keeps 05 for 05-validation'],
    ['47-there', 'exercises/47-there is there already'],
    ['47-other', 'The number 47 is taken: exercises/47-there'],
    ['48-half', 'solutions/48-half is there already'],
  ])('%s: says why, and leaves everything as it is', (id, why) => {
    const root = emptyWorkbook({ 'exercises/47-there/README.md': 'x', 'solutions/48-half/README.md': 'x' });
    const before = entries(root);
    expect(scaffold(root, { ...PLAIN, id })).toEqual({
      kind: 'refused',
      why: expect.stringContaining(why) as string,
    });
    expect(entries(root)).toEqual(before);
  });

  test.each([
    [{ kind: 'tests' }, 'There is no kind "tests" to begin with. There are: http, module, sql.'],
    [{ title: ' ' }, 'The title is empty'],
    [{ title: 'two\nlines' }, 'cannot be seen'],
    [{ title: 'x'.repeat(81) }, 'longer than 80'],
    [{ requires: '03-tea' }, 'There is no exercise "03-tea" to require'],
    [{ requires: '../exercises' }, 'There is no exercise "../exercises" to require'],
    [{ requires: '03-crud-api 03-crud-api' }, 'required twice'],
    [{ requires: '47-own' }, 'cannot require itself'],
  ])('%o: says why', (wish, why) => {
    const root = emptyWorkbook();
    expect(scaffold(root, { ...PLAIN, id: '47-own', ...wish })).toEqual({
      kind: 'refused',
      why: expect.stringContaining(why) as string,
    });
    expect(entries(root)).toEqual([]);
  });

  test('leaves nothing when the disk refuses in the middle', () => {
    const root = emptyWorkbook();
    mkdirSync(join(root, 'exercises'));
    // Everything for solutions/ is written; then a file is where the folder should be.
    writeFileSync(join(root, 'exercises', `.new-47-own-${process.pid}`), 'a file');
    const made = scaffold(root, { ...PLAIN, id: '47-own' });
    expect(made).toMatchObject({ kind: 'failed', why: expect.stringContaining('nothing is left') as string });
    expect(entries(root)).toEqual([]);
  });
});
