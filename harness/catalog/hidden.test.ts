import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { hiddenNames, hiddenText } from './hidden.ts';
import { loadExercise } from './load-exercise.ts';
import { seal } from './sealed-text.ts';
import { temporaryWorkbook, writeFiles } from './temp-workbook.ts';

const SEALED = 'exercises/04-jwt/hidden/suite.sealed';
const HIDDEN = { 'api.suite.ts': 'rule();\n', 'fixture.ts': 'x\n', 'data/rows.json': '[]\n' };

/** A workbook whose suites are sealed, as in an edition. */
function sealedWorkbook(hidden: Record<string, string> = HIDDEN): { root: string; folder: string } {
  const { root, folder } = temporaryWorkbook();
  rmSync(join(folder, 'hidden'), { recursive: true });
  const key = randomBytes(32);
  const edition = { about: 'x', schema: 1, key: key.toString('base64'), exercises: ['04-jwt'], files: [] };
  writeFiles(root, {
    'edition.json': JSON.stringify(edition),
    [SEALED]: seal(JSON.stringify(hidden), { key, path: SEALED }, 'x'),
  });
  return { root, folder };
}

describe('files that an exercise hides', () => {
  test('are read where they lie', () => {
    const { folder } = temporaryWorkbook();
    writeFiles(folder, { 'hidden/data/rows.json': '[]\n' });
    expect(hiddenNames(folder)).toEqual(['api.suite.ts', 'data/rows.json', 'fixture.ts', 'tokens.suite.ts']);
    expect(hiddenText(folder, 'data/rows.json')).toBe('[]\n');
  });

  test('are opened where they are sealed, and nothing of them is written', () => {
    const { root, folder } = sealedWorkbook();
    expect(hiddenNames(folder)).toEqual(['api.suite.ts', 'data/rows.json', 'fixture.ts']);
    expect(hiddenText(folder, 'data/rows.json')).toBe('[]\n');
    expect(() => hiddenText(folder, 'other.ts')).toThrow('04-jwt hides no file other.ts');
    const loaded = loadExercise(root, '04-jwt');
    expect(loaded.ok && loaded.exercise.suites).toEqual([join(folder, 'hidden', 'api.suite.ts')]);
    rmSync(join(root, SEALED));
    expect(loadExercise(root, '04-jwt')).toMatchObject({
      ok: false,
      problem: { file: 'exercises/04-jwt/hidden', message: 'There is no suite in it.' },
    });
  });

  test('are read anew when a newer edition came', () => {
    const { root, folder } = sealedWorkbook();
    expect(hiddenText(folder, 'fixture.ts')).toBe('x\n');
    const key = randomBytes(32);
    const edition = { about: 'x', schema: 1, key: key.toString('base64'), exercises: [], files: [] };
    writeFiles(root, {
      'edition.json': JSON.stringify(edition),
      [SEALED]: seal(JSON.stringify({ 'fixture.ts': 'newer\n' }), { key, path: SEALED }, 'x'),
    });
    expect(hiddenText(folder, 'fixture.ts')).toBe('newer\n');
  });

  test.each<[string, (root: string) => void, RegExp]>([
    ['without its key', (root) => rmSync(join(root, 'edition.json')), /edition\.json is missing/],
    [
      'with a damaged key',
      (root) => writeFiles(root, { 'edition.json': '{' }),
      /edition\.json: It is no JSON/,
    ],
    ['with another key', (root) => writeFiles(root, { 'edition.json': otherKey() }), /does not fit the key/],
    [
      'that was cut',
      (root) => writeFiles(root, { [SEALED]: 'workbook-sealed-1\nAAAA\n' }),
      /does not fit the key/,
    ],
  ])('a sealed suite %s is a problem with a way out, not a crash', (_what, damage, message) => {
    const { root } = sealedWorkbook();
    damage(root);
    expect(loadExercise(root, '04-jwt')).toMatchObject({
      ok: false,
      problem: {
        file: SEALED,
        message: expect.stringMatching(message) as string,
        expected: expect.stringContaining('`git restore`') as string,
      },
    });
  });

  test('a sealed file without any suite is a problem as well', () => {
    const { root } = sealedWorkbook({ 'data/other.suite.ts': '' });
    expect(loadExercise(root, '04-jwt')).toMatchObject({
      ok: false,
      problem: { message: 'What is sealed in it holds no suite.' },
    });
  });
});

function otherKey(): string {
  const key = randomBytes(32).toString('base64');
  return JSON.stringify({ about: 'x', schema: 1, key, exercises: [], files: [] });
}
