import { expect, test } from 'vitest';
import type { Question } from './question.ts';
import { answered, chooseQuestion, countOf } from './schedule.ts';
import { shownOrder, shuffled } from './shuffle.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const NOW = Date.UTC(2026, 2, 1);

const question = (id: string): Question => ({
  kind: 'order',
  id,
  question: 'In which order?',
  source: 'RFC 1',
  items: ['a', 'b', 'c'],
  why: 'one after the other',
});

test('a right answer waits longer each time; a wrong one comes back within minutes', () => {
  let card = answered(null, NOW, true);
  const waits: number[] = [];
  for (let round = 0; round < 5; round++) {
    waits.push(card.due - card.lastAt);
    card = answered(card, card.due, true);
  }
  expect(waits).toEqual(waits.toSorted((a, b) => a - b));
  expect(waits[0]).toBeLessThan(DAY);
  expect(waits.at(-1)).toBeGreaterThan(10 * DAY);
  const wrong = answered(card, card.due, false);
  expect(wrong.due - wrong.lastAt).toBeLessThan(DAY);
  expect(wrong.lapses).toBe(1);
});

test('what is due comes first, then what is new, in order; then nothing, with the time of the next', () => {
  const questions = ['a', 'b', 'c'].map(question);
  const card = answered(null, NOW, true);
  const at = (due: number) => ({ ...card, due });
  const kinds = (cards: Record<string, number>) => {
    const known = new Map(Object.entries(cards).map(([id, due]) => [id, at(due)]));
    const choice = chooseQuestion(questions, known, NOW);
    return choice.kind === 'nothing' ? choice.nextAt : `${choice.kind} ${choice.question.id}`;
  };
  expect(kinds({})).toBe('new a');
  expect(kinds({ a: NOW + 1 })).toBe('new b');
  expect(kinds({ b: NOW, a: NOW - 1 })).toBe('due a');
  expect(kinds({ a: NOW + 3, b: NOW + 2, c: NOW + 5 })).toBe(NOW + 2);
  expect(chooseQuestion([], new Map(), NOW)).toEqual({ kind: 'nothing', nextAt: null });
  const cards = new Map([
    ['a', at(NOW)],
    ['c', at(NOW + 1)],
    ['gone', at(NOW)],
  ]);
  expect(countOf(questions, cards, NOW)).toEqual({ fresh: 1, due: 1, later: 1 });
});

test('a shuffle keeps every place, is the same for the same seed, and differs between seeds', () => {
  const orders = Array.from({ length: 40 }, (_, seed) => shuffled(4, `q ${seed}`));
  for (const order of orders) expect(order.toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3]);
  expect(shuffled(4, 'q 7')).toEqual(orders[7]);
  expect(new Set(orders.map(String)).size).toBeGreaterThan(10);
});

test('what is to be sorted is never shown sorted', () => {
  for (let round = 0; round < 60; round++) expect(shownOrder(question('q'), round)).not.toEqual([0, 1, 2]);
});
