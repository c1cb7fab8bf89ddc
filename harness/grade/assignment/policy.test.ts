import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Assignment, LatePolicy } from './assignment.ts';
import { attemptOf, DAY_MS, detailFor, dueFor, factorOf, latenessOf, scoreOf } from './policy.ts';
import { instantOf } from './times.ts';

const DUE = Date.parse('2026-12-04T22:59:59.999Z');
const HOUR = 3_600_000;

function assignment(over: Partial<Assignment> = {}): Assignment {
  return {
    name: 'week-1',
    title: 'Week 1',
    timezone: 'Europe/Berlin',
    graceMs: 0,
    late: { policy: 'per-day', percent: 10, most: 50 },
    lateDays: 0,
    attempts: null,
    show: { before: 'full', after: 'full' },
    exercises: [one('01-a'), one('02-b'), one('03-c')],
    extensions: [],
    ...over,
  };
}

function one(id: string, due: number | null = DUE) {
  return { id, weight: 1, asks: 'core' as const, opens: null, due };
}

/** How late `ada` is with 01-a, received so many milliseconds after the due time. */
function lateBy(ms: number, over: Partial<Assignment> = {}) {
  return latenessOf(assignment(over), 'ada', new Map([['01-a', DUE + ms]])).get('01-a');
}

const percent = fc.double({ min: 0, max: 100, noNaN: true });
const policy: fc.Arbitrary<LatePolicy> = fc.oneof(
  fc.constant({ policy: 'none' as const }),
  fc.constant({ policy: 'zero' as const }),
  fc.record({ policy: fc.constant('per-day' as const), percent, most: percent }),
  fc.record({
    policy: fc.constant('decay' as const),
    hours: fc.double({ min: 0.01, max: 10_000, noNaN: true }),
    most: percent,
  }),
);
const offset = fc.oneof(
  fc.integer({ min: -40 * DAY_MS, max: 40 * DAY_MS }),
  // Near whole days, where mistakes live.
  fc
    .tuple(fc.integer({ min: -3, max: 12 }), fc.integer({ min: -2, max: 2 }))
    .map(([days, ms]) => days * DAY_MS + ms),
);
const offsets = fc.tuple(offset, offset, offset);
const course = fc
  .record({
    late: policy,
    lateDays: fc.integer({ min: 0, max: 8 }),
    graceMs: fc.constantFrom(0, 60_000, 30 * 60_000, DAY_MS),
    weights: fc.tuple(fc.constantFrom(0, 1, 2), fc.constantFrom(0, 1, 2), fc.constantFrom(0, 1, 2)),
    extensions: fc.array(
      fc.record({
        student: fc.constantFrom('ada', 'bob'),
        exercise: fc.constantFrom(null, '01-a', '02-b'),
        due: offset.map((ms) => DUE + ms),
        why: fc.constant(''),
      }),
      { maxLength: 3 },
    ),
  })
  .map(({ weights, ...rest }) => {
    const made = assignment(rest);
    const exercises = made.exercises.map((each, index) => ({ ...each, weight: weights[index] ?? 1 }));
    return { ...made, exercises };
  });

function received(times: readonly (number | null)[]): Map<string, number | null> {
  return new Map(['01-a', '02-b', '03-c'].map((id, index) => [id, times[index] ?? null]));
}

function factors(given: Assignment, times: readonly number[]): number[] {
  const all = latenessOf(given, 'ada', received(times.map((ms) => DUE + ms)));
  return [...all.values()].map(({ factor }) => factor);
}

test('what is left is never above 1 nor below 0', () => {
  fc.assert(
    fc.property(course, offsets, (given, times) => {
      expect(factors(given, times).every((factor) => factor >= 0 && factor <= 1)).toBe(true);
    }),
  );
});

test('who hands one exercise in later never has more left of any', () => {
  fc.assert(
    fc.property(
      course,
      offsets,
      fc.nat({ max: 2 }),
      fc.nat({ max: 5 * DAY_MS }),
      (given, times, which, more) => {
        const before = factors(given, times);
        const after = factors(
          given,
          times.map((ms, index) => (index === which ? ms + more : ms)),
        );
        expect(after.every((factor, index) => factor <= (before[index] ?? 0))).toBe(true);
      },
    ),
  );
});

test('an extension never makes anything worse, for any exercise', () => {
  fc.assert(
    fc.property(
      course,
      offsets,
      offset,
      fc.constantFrom(null, '01-a', '02-b', '03-c'),
      (given, times, ms, exercise) => {
        const extension = { student: 'ada', exercise, due: DUE + ms, why: '' };
        const before = factors(given, times);
        const after = factors({ ...given, extensions: [...given.extensions, extension] }, times);
        expect(after.every((factor, index) => factor >= (before[index] ?? 0))).toBe(true);
      },
    ),
  );
});

test('more late days or a longer grace never make anything worse', () => {
  fc.assert(
    fc.property(course, offsets, fc.nat({ max: 4 }), fc.nat({ max: DAY_MS }), (given, times, days, grace) => {
      const before = factors(given, times);
      const kinder = { ...given, lateDays: given.lateDays + days, graceMs: given.graceMs + grace };
      expect(factors(kinder, times).every((factor, index) => factor >= (before[index] ?? 0))).toBe(true);
    }),
  );
});

test('late days are spent at most once in all, and never more than an exercise is late', () => {
  fc.assert(
    fc.property(course, offsets, (given, times) => {
      const all = [...latenessOf(given, 'ada', received(times.map((ms) => DUE + ms))).values()];
      const spent = all.reduce((sum, { lateDaysUsed }) => sum + lateDaysUsed, 0);
      expect(spent).toBeLessThanOrEqual(given.lateDays);
      for (const { lateDaysUsed, lateMs } of all)
        expect(lateDaysUsed).toBeLessThanOrEqual(Math.ceil(lateMs / DAY_MS));
    }),
  );
});

test('extensions of others change nothing', () => {
  fc.assert(
    fc.property(course, offsets, (given, times) => {
      const mine = given.extensions.filter(({ student }) => student === 'ada');
      expect(factors(given, times)).toEqual(factors({ ...given, extensions: mine }, times));
    }),
  );
});

test('in time is up to and with the due time, to the millisecond', () => {
  const late: LatePolicy = { policy: 'zero' };
  expect(lateBy(0, { late })).toMatchObject({ lateMs: 0, factor: 1 });
  expect(lateBy(1, { late })).toMatchObject({ lateMs: 1, factor: 0 });
});

test('the grace costs nothing, and lateness counts from its end', () => {
  const graceMs = 15 * 60_000;
  const late: LatePolicy = { policy: 'zero' };
  expect(lateBy(graceMs, { graceMs, late })).toMatchObject({ lateMs: 0, factor: 1 });
  expect(lateBy(graceMs + 1, { graceMs, late })).toMatchObject({ lateMs: 1, factor: 0 });
});

test('per day counts days begun, up to the most', () => {
  const factor = (ms: number) => lateBy(ms)?.factor;
  expect(factor(1)).toBeCloseTo(0.9, 12);
  expect(factor(DAY_MS)).toBeCloseTo(0.9, 12);
  expect(factor(DAY_MS + 1)).toBeCloseTo(0.8, 12);
  expect(factor(100 * DAY_MS)).toBeCloseTo(0.5, 12);
});

test('decay is a straight line that ends at its hours', () => {
  const late: LatePolicy = { policy: 'decay', hours: 48, most: 80 };
  expect(factorOf(late, 0)).toBe(1);
  expect(factorOf(late, 24 * HOUR)).toBeCloseTo(0.6, 12);
  expect(factorOf(late, 48 * HOUR)).toBeCloseTo(0.2, 12);
  expect(factorOf(late, 480 * HOUR)).toBeCloseTo(0.2, 12);
});

test('a day is 24 hours, also where the clocks change in it', () => {
  const at = (text: string) => {
    const instant = instantOf(text, 'Europe/Berlin', 'end');
    if (!instant.ok) throw new Error(instant.problem);
    return instant.at;
  };
  const late = (due: string, received: string) =>
    latenessOf(
      assignment({ exercises: [one('01-a', at(due))] }),
      'ada',
      new Map([['01-a', at(received)]]),
    ).get('01-a')?.factor;
  // 24 hours by the calendar, 25 by the clock: a second day has begun.
  expect(late('2026-10-24 23:59', '2026-10-25 23:59')).toBeCloseTo(0.8, 12);
  // 23 hours.
  expect(late('2026-03-28 23:59', '2026-03-29 23:59')).toBeCloseTo(0.9, 12);
});

test('late days go to the exercises in their order', () => {
  const all = latenessOf(
    assignment({ lateDays: 3 }),
    'ada',
    received([DUE + DAY_MS + 1, DUE + 5 * DAY_MS, DUE + DAY_MS]),
  );
  expect([...all.values()].map(({ lateDaysUsed }) => lateDaysUsed)).toEqual([2, 1, 0]);
  expect([...all.values()].map(({ factor }) => factor)).toEqual([1, 0.6, 0.9]);
});

test('no late day is spent where lateness costs nothing', () => {
  expect(lateBy(DAY_MS, { lateDays: 2, late: { policy: 'none' } })).toMatchObject({
    lateDaysUsed: 0,
    factor: 1,
  });
  const weightless = { ...one('01-a'), weight: 0 };
  expect(lateBy(DAY_MS, { lateDays: 2, exercises: [weightless] })).toMatchObject({ lateDaysUsed: 0 });
});

test('of an extension for all and one for an exercise the later holds', () => {
  const extensions = [
    { student: 'ada', exercise: null, due: DUE + DAY_MS, why: '' },
    { student: 'ada', exercise: '01-a', due: DUE + 2 * DAY_MS, why: '' },
    { student: 'bob', exercise: null, due: DUE + 9 * DAY_MS, why: '' },
  ];
  expect(dueFor({ extensions }, 'ada', one('01-a'))).toEqual({ due: DUE + 2 * DAY_MS, extended: true });
  expect(dueFor({ extensions }, 'ada', one('02-b'))).toEqual({ due: DUE + DAY_MS, extended: true });
  expect(dueFor({ extensions }, 'eve', one('02-b'))).toEqual({ due: DUE, extended: false });
  expect(dueFor({ extensions }, 'ada', one('02-b', null))).toEqual({ due: null, extended: false });
});

test('nothing is late that is missing, whose time nobody knows, or that is never due', () => {
  const never = assignment({ exercises: [one('01-a', null), one('02-b'), one('03-c')] });
  const all = latenessOf(
    never,
    'ada',
    new Map([
      ['01-a', DUE + 99 * DAY_MS],
      ['02-b', null],
    ]),
  );
  expect([...all.values()].map(({ lateMs, factor }) => [lateMs, factor])).toEqual([
    [0, 1],
    [0, 1],
    [0, 1],
  ]);
});

test('a score is rounded to a hundredth and stays within the weight', () => {
  expect(scoreOf({ weight: 2 }, 7, 9, 1)).toBe(1.56);
  expect(scoreOf({ weight: 1.005 }, 1, 1, 1)).toBe(1.01);
  expect(scoreOf({ weight: 3 }, 0, 0, 1)).toBe(0);
  fc.assert(
    fc.property(
      fc.double({ min: 0, max: 1000, noNaN: true }),
      fc.integer({ min: -3, max: 30 }),
      fc.integer({ min: 0, max: 20 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (weight, points, most, factor) => {
        const score = scoreOf({ weight }, points, most, factor);
        return score >= 0 && score <= weight + 0.005001;
      },
    ),
  );
});

test('the same bytes cost one attempt, however often they are judged', () => {
  expect(attemptOf({ attempts: 2 }, new Set(), 'a')).toEqual({ kind: 'new', left: 1 });
  expect(attemptOf({ attempts: 2 }, new Set(['a']), 'a')).toEqual({ kind: 'again' });
  expect(attemptOf({ attempts: 2 }, new Set(['a']), 'b')).toEqual({ kind: 'new', left: 0 });
  expect(attemptOf({ attempts: 2 }, new Set(['a', 'b']), 'c')).toEqual({ kind: 'spent' });
  expect(attemptOf({ attempts: 2 }, new Set(['a', 'b']), 'a')).toEqual({ kind: 'again' });
  expect(attemptOf({ attempts: null }, new Set(['a', 'b']), 'c')).toEqual({ kind: 'new', left: null });
});

test('what is shown changes when nothing of that student can be in time any more', () => {
  const given = assignment({
    show: { before: 'score', after: 'full' },
    graceMs: 60_000,
    extensions: [{ student: 'ada', exercise: null, due: DUE + DAY_MS, why: '' }],
  });
  expect(detailFor(given, 'bob', one('01-a'), DUE + 60_000)).toBe('score');
  expect(detailFor(given, 'bob', one('01-a'), DUE + 60_001)).toBe('full');
  expect(detailFor(given, 'ada', one('01-a'), DUE + 60_001)).toBe('score');
});
