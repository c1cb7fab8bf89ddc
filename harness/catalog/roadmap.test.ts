import { describe, expect, test } from 'vitest';
import { EXERCISE_ID } from './exercise-file.ts';
import { findOnRoadmap, requiredHere, ROADMAP } from './roadmap.ts';

const ids = ROADMAP.map((entry) => entry.id);

describe('the roadmap', () => {
  test('has 46 exercises, numbered without a gap', () => {
    expect(ids.map((id) => Number(id.slice(0, 2)))).toEqual(
      Array.from({ length: 46 }, (_, index) => index + 1),
    );
    expect(ids.filter((id) => !EXERCISE_ID.test(id))).toEqual([]);
  });

  test('adds up to 6865 minutes in five phases', () => {
    expect(ROADMAP.reduce((sum, entry) => sum + entry.minutes, 0)).toBe(6865);
    expect(new Set(ROADMAP.map((entry) => entry.phase))).toEqual(new Set([1, 2, 3, 4, 5]));
    expect(ROADMAP.filter((entry) => ![1, 2, 3, 4, 5].includes(entry.difficulty))).toEqual([]);
  });

  test('lets each of 01–12 need the one before, and nothing else', () => {
    const needed = ROADMAP.slice(0, 12).map((entry) => entry.requires);
    expect(needed).toEqual([[], ...ids.slice(0, 11).map((id) => [id])]);
  });

  test('requires only what comes earlier: nothing waits for itself', () => {
    const late = ROADMAP.filter((entry, index) =>
      entry.requires.some((id) => !ids.slice(0, index).includes(id)),
    );
    expect(late).toEqual([]);
  });
});

describe('findOnRoadmap', () => {
  test('knows an exercise by its id', () => {
    expect(findOnRoadmap('29-owasp-fix')).toEqual({
      id: '29-owasp-fix',
      title: 'Repair the vulnerable app',
      phase: 2,
      minutes: 180,
      difficulty: 4,
      requires: ['03-crud-api', '05-validation', '26-sessions-csrf', '28-rbac-api-keys'],
    });
  });

  test.each(['29', '29-OWASP-fix', '99-none', ''])('knows nothing called %j', (id) => {
    expect(findOnRoadmap(id)).toBeNull();
  });
});

describe('what an exercise requires in a workbook that is not complete', () => {
  const here = new Set(['01-http-server', '03-crud-api', '09-docker', '11-migrations-cicd']);

  test('is what the one that is still to come requires, in its place', () => {
    expect(requiredHere(['10-testing'], here)).toEqual(['09-docker']);
    expect(requiredHere(['02-sql', '03-crud-api'], here)).toEqual(['01-http-server', '03-crud-api']);
  });

  test('is named once, and what is on no roadmap stays', () => {
    expect(requiredHere(['02-sql', '01-http-server', '77-own'], here)).toEqual(['01-http-server', '77-own']);
  });
});
