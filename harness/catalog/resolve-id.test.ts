import { describe, expect, test } from 'vitest';
import { nearestId, resolveId } from './resolve-id.ts';
import { ROADMAP } from './roadmap.ts';

const ids = ROADMAP.map((entry) => entry.id);

describe('nearestId', () => {
  test.each([
    ['04-jwt', '04-jwt'],
    ['1-http', '01-http-server'],
    ['jwt', '04-jwt'],
    ['JWT', '04-jwt'],
    ['4', '04-jwt'],
    ['04', '04-jwt'],
    ['01', '01-http-server'],
    ['4-', '04-jwt'],
    ['04-JWT', '04-jwt'],
    ['04-jwt/', '04-jwt'],
    ['exercises/04-jwt/', '04-jwt'],
    ['./exercises/04-jwt/src/index.ts', '04-jwt'],
    ['exercises\\04-jwt\\', '04-jwt'],
    ['/srv/book/exercises/04-jwt/src', '04-jwt'],
    ['4jwt', '04-jwt'],
    ['04_jwt', '04-jwt'],
    [' rate limit ', '06-rate-limit'],
    ['http', '01-http-server'],
    ['30-http', '30-http-caching-cdn'],
    ['server', '01-http-server'],
    ['limit', '06-rate-limit'],
    ['valid', '05-validation'],
    ['ratelimit', '06-rate-limit'],
    ['01-htpt-server', '01-http-server'],
    ['vaildation', '05-validation'],
    ['dokcer', '09-docker'],
    ['9-dockr', '09-docker'],
    ['1-jwt', '04-jwt'],
    ['08-jobqueue', '08-job-queue'],
  ])('%j probably means %s', (typed, id) => {
    expect(nearestId(ids, typed)).toBe(id);
  });

  test.each([
    '',
    '/',
    'exercises/',
    '47',
    '0',
    '104',
    'zzz',
    'x',
    'quantum-physics',
    '--help',
    'j'.repeat(10_000),
    '../..',
  ])('nothing is near %j', (typed) => {
    expect(nearestId(ids, typed)).toBeNull();
  });

  test('suggests only what is there', () => {
    expect(nearestId([], '4')).toBeNull();
    expect(nearestId(['01-http-server'], '4')).toBeNull();
    expect(nearestId(['01-http-server', '30-http-caching-cdn'], 'caching')).toBe('30-http-caching-cdn');
  });
});

describe('resolveId', () => {
  test.each([
    '04-jwt',
    '04-JWT',
    '04-jwt/',
    '04-jwt\\',
    'exercises/04-jwt',
    './exercises/04-jwt/',
    'exercises\\04-jwt',
  ])('%j is exactly 04-jwt', (typed) => {
    expect(resolveId(ids, typed)).toEqual({ kind: 'exact', id: '04-jwt' });
  });

  test.each([
    ['4', '04-jwt'],
    ['jwt', '04-jwt'],
    ['exercises/04-jwt/src', '04-jwt'],
    ['nothing like it', null],
  ])('%j is no id, and never taken for one', (typed, nearest) => {
    expect(resolveId(ids, typed)).toEqual({ kind: 'unknown', typed, nearest });
  });
});
