import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { listExercises, listIds, nearestId, resolveId } from './catalog.ts';
import { temporaryFolder, temporaryWorkbook, writeFiles } from './temp-workbook.ts';

describe('listExercises', () => {
  test('gives every exercise in order, the damaged ones with their problem', () => {
    const { root } = temporaryWorkbook();
    mkdirSync(join(root, 'exercises', '10-testing'));
    mkdirSync(join(root, 'exercises', '01-http-server'));
    const listed = listExercises(root);
    expect(listed.ok && listed.exercises).toMatchObject([
      { id: '01-http-server', ok: false, problem: { file: 'exercises/01-http-server/exercise.json' } },
      { id: '04-jwt', ok: true, exercise: { id: '04-jwt', phase: 2 } },
      { id: '10-testing', ok: false, problem: { message: 'It does not exist.' } },
    ]);
  });
});

describe('listIds', () => {
  test('passes over what is no exercise', () => {
    const { root } = temporaryWorkbook();
    for (const name of [
      '4-jwt',
      '05-Validation',
      '06-rate--limit',
      '07-',
      '.git',
      'notes',
      '100-many',
      '08_queue',
    ]) {
      mkdirSync(join(root, 'exercises', name));
    }
    writeFileSync(join(root, 'exercises', '09-docker'), 'a file');
    writeFiles(root, { 'exercises/README.md': '' });
    expect(listIds(root)).toEqual({ ok: true, ids: ['04-jwt'] });
  });

  test.skipIf(process.platform === 'win32')('passes over links', () => {
    const { root } = temporaryWorkbook();
    symlinkSync('04-jwt', join(root, 'exercises', '05-validation'));
    expect(listIds(root)).toEqual({ ok: true, ids: ['04-jwt'] });
  });

  test('says that there is no folder exercises/, or that it is a file', () => {
    const root = temporaryFolder();
    expect(listIds(root)).toMatchObject({
      ok: false,
      problem: { file: 'exercises', message: 'It does not exist.' },
    });
    writeFileSync(join(root, 'exercises'), '');
    expect(listExercises(root)).toMatchObject({ ok: false, problem: { message: 'It is not a folder.' } });
  });
});

test('what a person typed is looked up among the ids that are there', () => {
  const { root } = temporaryWorkbook();
  const listed = listIds(root);
  const ids = listed.ok ? listed.ids : [];
  expect(resolveId(ids, 'exercises/04-jwt/')).toEqual({ kind: 'exact', id: '04-jwt' });
  expect(nearestId(ids, '4')).toBe('04-jwt');
});
