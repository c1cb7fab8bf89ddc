import { describe, expect, test } from 'vitest';
import { grade, readNumber } from './grade.ts';
import { question } from './question.ts';
import type { Question } from './question.ts';

const make = (value: object): Question =>
  question.parse({ id: 'x', question: 'What is asked here?', source: 'RFC 1', ...value });
const option = (text: string, correct: boolean) => ({ text, correct, why: `because of ${text}` });

describe('choice', () => {
  const asked = make({ options: [option('a', false), option('b', true), option('c', false)] });

  test('a question without a kind is a choice', () => {
    expect(asked.kind).toBe('choice');
  });

  test.each([
    [['1'], true],
    [['0'], false],
    [[], false],
    [['1', '2'], false],
    [['1', '1'], true],
    [['9'], false],
  ])('%j is %s', (answer, correct) => {
    expect(grade(asked, answer).correct).toBe(correct);
  });

  test('every option says why, and which was chosen', () => {
    expect(grade(asked, ['0']).lines).toEqual([
      { text: 'a', right: false, chosen: true, why: 'because of a' },
      { text: 'b', right: true, chosen: false, why: 'because of b' },
      { text: 'c', right: false, chosen: false, why: 'because of c' },
    ]);
  });
});

test('several: all right ones, and no other', () => {
  const asked = make({
    kind: 'several',
    options: [option('a', true), option('b', false), option('c', true)],
  });
  expect(
    [['0', '2'], ['2', '0'], ['0'], ['0', '1', '2'], []].map((answer) => grade(asked, answer).correct),
  ).toEqual([true, true, false, false, false]);
});

test('order: each in its place', () => {
  const asked = make({ kind: 'order', items: ['a', 'b', 'c'], why: 'one after the other' });
  const correct = (answer: string[]) => grade(asked, answer).correct;
  expect([correct(['0', '1', '2']), correct(['0', '2', '1']), correct(['0', '1'])]).toEqual([
    true,
    false,
    false,
  ]);
});

test('match: a right side that stands twice may be meant by either', () => {
  const pair = (left: string, right: string) => ({ left, right, why: 'that is how it is' });
  const asked = make({ kind: 'match', pairs: [pair('a', 'x'), pair('b', 'y'), pair('c', 'x')] });
  const correct = (answer: string[]) => grade(asked, answer).correct;
  expect([correct(['0', '1', '0']), correct(['2', '1', '2']), correct(['1', '1', '0']), correct([])]).toEqual(
    [true, true, false, false],
  );
});

test('number: right within the factor, on both sides', () => {
  const asked = make({ kind: 'number', answer: 3, factor: 3, unit: 'TB', why: 'by multiplying' });
  const correct = (typed: string) => grade(asked, [typed]).correct;
  expect(['3', '1', '9', '0.9', '9.1', '', 'three', '-3'].map(correct)).toEqual([
    true,
    true,
    true,
    false,
    false,
    false,
    false,
    false,
  ]);
});

test.each([
  ['1,000,000', 1_000_000],
  ['1 000', 1_000],
  ["1'000", 1_000],
  ['2,5', 2.5],
  ['2.5', 2.5],
  ['3e9', 3e9],
  ['1e999', Infinity],
  ['', null],
  ['12a', null],
  ['NaN', null],
])('%j is read as %s', (typed, value) => {
  expect(readNumber(typed)).toBe(value);
});

test('outline: four parts and a number', () => {
  const asked = make({ kind: 'outline', why: 'so that they believe you' });
  const full = ['the shop was down', 'I was on call', 'I rolled it back', 'back after 12 minutes'];
  expect(grade(asked, full).correct).toBe(true);
  const missing = grade(asked, ['the shop was down', '', 'I rolled it back', 'all was well again']);
  expect(missing.correct).toBe(false);
  expect(missing.lines.filter(({ chosen }) => !chosen).map(({ text }) => text)).toEqual(['Task', 'A number']);
});

test.each([
  { options: [option('a', false), option('b', false), option('c', false)] },
  { options: [option('a', true), option('b', true), option('c', false)] },
  { options: [option('a', true), { text: 'b', correct: false, why: '' }, option('c', false)] },
  { kind: 'several', options: [option('a', true), option('b', true), option('c', true)] },
  { kind: 'number', answer: 0, factor: 3, unit: 'TB', why: 'by multiplying' },
  { kind: 'riddle' },
])('a question that cannot be answered, or says no reason, is refused: %j', (value) => {
  expect(
    question.safeParse({ id: 'x', question: 'What is asked here?', source: 'RFC 1', ...value }).success,
  ).toBe(false);
});
