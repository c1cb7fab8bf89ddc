import { expect, test } from 'vitest';
import { findRule, looksLikeRule } from './rules.ts';

const rule = (id: string) => ({
  id,
  tier: 'core' as const,
  title: '',
  citation: '',
  part: 'main',
  needs: [],
  keep: false,
  evidence: 'outside' as const,
  graded: false,
});

const EXERCISE = { id: '02-sql', rules: ['R1', 'R4', 'Q01', 'Q02', 'R2', 'R3', 'Q20', 'R6'].map(rule) };

test('without a word all rules are meant', () => {
  expect(findRule(EXERCISE, undefined)).toEqual({ ok: true, id: null });
});

test.each([
  ['R4', 'R4'],
  ['r4', 'R4'],
  ['R04', 'R4'],
  ['q1', 'Q01'],
  ['Q20', 'Q20'],
])('%s is %s', (typed, id) => {
  expect(findRule(EXERCISE, typed)).toEqual({ ok: true, id });
});

test.each([
  ['R5', '02-sql has no rule R5. Its rules are R1 to R4, R6, Q01 to Q02 and Q20.'],
  ['3', '02-sql has no rule 3. Did you mean R3?'],
  ['02', '02-sql has no rule 02. Did you mean Q02 or R2?'],
  ['Q4', '02-sql has no rule Q4. Did you mean R4?'],
  ['', '02-sql has no rule "". Its rules are R1 to R4, R6, Q01 to Q02 and Q20.'],
  ['R\u001b[2J', '02-sql has no rule R\\x1b[2J. Its rules are R1 to R4, R6, Q01 to Q02 and Q20.'],
])('%j is no rule, and what may be meant is said', (typed, message) => {
  expect(findRule(EXERCISE, typed)).toEqual({ ok: false, message });
});

test('the only rule of an exercise is named alone', () => {
  expect(findRule({ id: '46-capstone', rules: [rule('R1')] }, 'R2')).toMatchObject({
    message: '46-capstone has no rule R2. Its rules are R1.',
  });
});

test('a rule is told from an exercise', () => {
  expect(['R1', 'q20', 'r007'].map(looksLikeRule)).toEqual([true, true, true]);
  expect(['01-http-server', 'rate', 'R', '4', 'R1000', 'redis'].map(looksLikeRule)).toEqual(
    Array.from({ length: 6 }, () => false),
  );
});
