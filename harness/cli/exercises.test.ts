import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { listExercises } from '../catalog/catalog.ts';
import type { ListedExercise } from '../catalog/catalog.ts';
import { UNTRIED } from '../progress/progress.ts';
import { currentListed, findExercise, findListed } from './exercises.ts';
import { smallWorkbook } from './testing/fake-context.ts';
import { FIRST, SECOND, writeExercise } from './testing/made-exercises.ts';

function listed(root: string): ListedExercise[] {
  const found = listExercises(root);
  if (!found.ok) throw new Error(found.problem.message);
  return found.exercises;
}

function damage(root: string, id: string): void {
  writeFileSync(join(root, 'exercises', id, 'exercise.json'), '{ "title": "x", }');
}

describe('the exercise that was typed', () => {
  test.each([FIRST, FIRST.toUpperCase(), `exercises/${FIRST}/`])('is found: %s', (typed) => {
    const found = findExercise(listed(smallWorkbook()), typed);
    expect(found.ok && found.value.id).toBe(FIRST);
  });

  test.each([
    ['1-first', 'There is no exercise called 1-first. Did you mean 01-first?'],
    ['2', 'There is no exercise called 2. Did you mean 02-second?'],
    ['tea', 'There is no exercise called tea. `npm run list` shows what is there.'],
    [
      '04-jwt',
      '04-jwt (Tokens by hand, then middleware) is not in this workbook. `npm run list` shows what is there.',
    ],
    [
      'jwt',
      'There is no exercise called jwt. 04-jwt (Tokens by hand, then middleware) is not in this workbook. `npm run list` shows what is there.',
    ],
    ['../../etc', 'There is no exercise called ../../etc. `npm run list` shows what is there.'],
    ['\u001b[2J', 'There is no exercise called \\x1b[2J. `npm run list` shows what is there.'],
    ['', 'There is no exercise called "". `npm run list` shows what is there.'],
  ])('is not taken when it is only near: %j', (typed, message) => {
    expect(findExercise(listed(smallWorkbook()), typed)).toEqual({ ok: false, message });
  });

  test('is named with its problem when it is damaged', () => {
    const root = smallWorkbook();
    damage(root, FIRST);
    const found = findExercise(listed(root), FIRST);
    expect(!found.ok && found.message).toContain(`exercises/${FIRST}/exercise.json, at line 1`);
    expect(findListed(listed(root), FIRST).ok).toBe(true);
  });
});

describe('the current exercise', () => {
  const passed = { ...UNTRIED, passedAt: 1 };

  test('is the first that is open and not done', () => {
    const all = listed(smallWorkbook());
    expect(currentListed(all, new Map())?.id).toBe(FIRST);
    expect(currentListed(all, new Map([[FIRST, passed]]))?.id).toBe(SECOND);
    expect(currentListed(all, new Map([FIRST, SECOND].map((id) => [id, passed])))).toBeNull();
  });

  test('is the damaged one when that is where the learner stands', () => {
    const root = smallWorkbook();
    for (const id of [FIRST, SECOND]) rmSync(join(root, 'exercises', id), { recursive: true });
    writeExercise(root, '01-http-server');
    writeExercise(root, '02-sql', { requires: ['01-http-server'] });
    writeExercise(root, '14-git-shell');
    damage(root, '02-sql');
    expect(currentListed(listed(root), new Map([['01-http-server', passed]]))).toMatchObject({
      id: '02-sql',
      ok: false,
    });
    expect(currentListed(listed(root), new Map())?.id).toBe('01-http-server');
  });
});
