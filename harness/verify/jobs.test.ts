import { expect, test } from 'vitest';
import { countOfJobs, estimateOf, jobsFor, jobsFrom, PLACES } from './jobs.ts';
import type { KnownSubject } from './subject.ts';

const subject = (name: string, expected: object): KnownSubject => ({
  exercise: '01-first',
  name,
  folder: '/',
  files: new Map(),
  expected: expected as KnownSubject['expected'],
});

const STUB = subject('stub', { kind: 'stub' });
const SOLUTION = subject('solution', { kind: 'right' });
const VARIANT = subject('variants/a', { kind: 'right' });
const MISTAKE = subject('mistakes/m', { kind: 'mistake', base: 'solution' });
const BROKEN = subject('broken/b', { kind: 'broken', base: 'variants/a' });
const ALL = [STUB, SOLUTION, VARIANT, MISTAKE, BROKEN];

test('without thorough, what stands for itself is judged twice, and wrong programs follow the one they were made from', () => {
  const jobs = jobsFor(ALL, false);
  expect(jobs.map((job) => `${job.subject.name} ${job.seed}`)).toEqual([
    'stub 1',
    'solution 1',
    'variants/a 1',
    'stub 2',
    'solution 2',
    'variants/a 2',
  ]);
  expect(jobsFrom(SOLUTION, ALL, []).map((job) => job.subject.name)).toEqual(['mistakes/m']);
  expect(jobsFrom(VARIANT, ALL, []).map((job) => job.subject.name)).toEqual(['broken/b']);
  expect(countOfJobs(ALL, false)).toBe(8);
});

test('thorough judges right programs under twenty seeds and all others under three, everything of each, at every place', () => {
  const more = jobsFor(ALL, true).filter((job) => job.order === 'random');
  for (const each of ALL) {
    const own = more.filter((job) => job.subject === each);
    expect(new Set(own.map((job) => job.seed)).size).toBe(each.expected.kind === 'right' ? 20 : 3);
    expect(new Set(own.map((job) => job.place))).toEqual(new Set(PLACES));
    // Nothing is taken over from the program that it was made from.
    expect(own.every((job) => job.base === null)).toBe(true);
  }
  expect(countOfJobs(ALL, true)).toBe(8 + 20 + 20 + 3 * 3);
});

test('twice the cores take half the time', () => {
  expect(estimateOf(100, 2)).toBeGreaterThan(0);
  expect(estimateOf(100, 4)).toBe(estimateOf(100, 2) / 2);
});
