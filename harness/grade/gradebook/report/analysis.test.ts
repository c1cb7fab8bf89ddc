import { expect, test } from 'vitest';
import { failed, sampleVerdict, untried } from '../../../verdict/sample.ts';
import { analyse } from './analysis.ts';
import { endingOf } from './endings.ts';
import { ranges, span } from './words.ts';

const exercise = {
  ...({
    id: '01-http-server',
    title: 'HTTP',
    weight: 1,
    asks: 'all',
    opens: null,
    due: null,
    maxPoints: 2,
  } as const),
  rules: [
    { id: 'R1', tier: 'core', title: 'one' },
    { id: 'R3', tier: 'core', title: 'three' },
  ],
} as const;

test('counts those judged, failed and not tried, and the mistakes that failures match', () => {
  const often = 'a map of routes is asked for its prototype';
  const endings = [
    sampleVerdict(),
    sampleVerdict({ R1: failed({ often }), R3: untried }),
    sampleVerdict({ R1: failed({ often }), R3: untried }),
    sampleVerdict({ R1: failed({}, { cause: 'hung' }), R3: failed({ often: 'another' }) }),
  ].map((verdict) => endingOf(verdict));
  const diagnosis = new Map([
    ['0123456789abcdef', { mistake: 'routes-in-an-object', often, breaks: ['R1'] }],
  ]);
  const [first, third] = analyse({ ...exercise, rules: [...exercise.rules] }, endings, diagnosis);
  expect(first).toMatchObject({ judged: 4, failed: 3, untried: 0, died: 1 });
  expect(first?.mistakes).toEqual([{ name: 'routes-in-an-object', often, count: 2 }]);
  expect(first?.discrimination).toEqual({ kind: 'none', why: 'fewer than 20 judged' });
  expect(third).toMatchObject({
    judged: 2,
    failed: 1,
    untried: 2,
    mistakes: [{ name: null, often: 'another', count: 1 }],
  });
});

test('what is kept of a verdict is small, whatever the program printed and answered', () => {
  const huge = 'x'.repeat(1_000_000);
  const ending = endingOf(
    sampleVerdict(
      { R1: failed({ got: huge, sent: huge }) },
      { output: { text: huge, truncated: true }, notes: [huge] },
    ),
  );
  expect(JSON.stringify(ending).length).toBeLessThan(10_000);
  expect(endingOf(sampleVerdict({}, { output: { text: huge, truncated: true } })).output).toBe('');
});

test('ids that follow each other are a range', () => {
  expect(ranges(['R1', 'R2', 'R3', 'R5', 'R6', 'Q06', 'Q07', 'Q08', 'Q09'])).toBe('R1–R3 R5 R6 Q06–Q09');
  expect(ranges([])).toBe('');
});

test.each([
  [1, '1 min'],
  [59 * 60_000, '59 min'],
  [60 * 60_000, '1 h'],
  [26.5 * 3_600_000, '1 day 2 h'],
  [72 * 3_600_000, '3 days'],
])('%i ms is %s', (ms, text) => {
  expect(span(ms)).toBe(text);
});
