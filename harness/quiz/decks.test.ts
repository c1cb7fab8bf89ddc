import { describe, expect, test } from 'vitest';
import { listExercises } from '../catalog/catalog.ts';
import { DECKS, loadDeck, loadExerciseDeck, questionsOf } from './deck.ts';
import type { Deck } from './deck.ts';

const ROOT = process.cwd();

function deck(id: (typeof DECKS)[number]): Deck {
  const loaded = loadDeck(ROOT, id);
  if (!loaded.ok) throw new Error(`${loaded.file}: ${loaded.message}`);
  return loaded.deck;
}

test.each(DECKS)('the deck %s is whole', (id) => {
  expect(questionsOf(deck(id)).length).toBeGreaterThan(5);
});

test('the interview has sixty questions in six parts', () => {
  const { sections } = deck('interview');
  expect(sections.map(({ id }) => id)).toEqual([
    'http',
    'databases',
    'security',
    'distributed',
    'operations',
    'node',
  ]);
  expect(sections.map(({ questions }) => questions.length)).toEqual([10, 10, 10, 10, 10, 10]);
});

test('both designs go from requirements over an estimate to a failure', () => {
  for (const { questions } of deck('design').sections) {
    expect(questions[0]?.kind).toBe('several');
    expect(questions.filter(({ kind }) => kind === 'number').length).toBeGreaterThan(1);
    expect(questions.at(-1)?.id).toContain('failure');
  }
});

test('the right option is not known by its place', () => {
  const choices = questionsOf(deck('interview')).flatMap((each) => (each.kind === 'choice' ? [each] : []));
  const places = choices.map(({ options }) => options.findIndex(({ correct }) => correct));
  for (const place of [0, 1, 2, 3]) {
    expect(places.filter((each) => each === place).length).toBeLessThan(choices.length / 2);
  }
});

describe('the right option is not known by its length', () => {
  const listed = listExercises(ROOT);
  const exercises = listed.ok ? listed.exercises.flatMap((each) => (each.ok ? [each.exercise] : [])) : [];
  const quizzes = exercises.flatMap((exercise) => {
    const loaded = loadExerciseDeck(ROOT, exercise);
    return loaded.ok ? [loaded.deck] : [];
  });
  const all = [...DECKS.map(deck), ...quizzes];

  /** Of the questions with one right option: how often it is the longest, and how often it would be by chance. */
  function longest(decks: readonly Deck[]): { count: number; hits: number; chance: number } {
    const choices = decks
      .flatMap((each) => questionsOf(each))
      .flatMap((each) => (each.kind === 'choice' ? [each] : []));
    let [hits, chance] = [0, 0];
    for (const { options } of choices) {
      const most = Math.max(...options.map(({ text }) => text.length));
      const those = options.filter(({ text }) => text.length === most);
      if (those.some(({ correct }) => correct)) hits += 1 / those.length;
      chance += 1 / options.length;
    }
    return { count: choices.length, hits, chance };
  }

  test('in all questions together it is the longest about as often as by chance', () => {
    const { count, hits, chance } = longest(all);
    expect(hits / count).toBeLessThan(chance / count + 0.1);
    // Never the longest would be a sign as well.
    expect(hits / count).toBeGreaterThan(chance / count - 0.15);
  });

  test.each(all.map((each) => ({ id: each.id, each })))('$id', ({ each }) => {
    const { count, hits } = longest([each]);
    // Of five questions three may happen to be so; of sixty, a third at most.
    expect(hits).toBeLessThanOrEqual(Math.max(3, count / 3));
  });
});

describe('the quiz of every exercise', () => {
  const listed = listExercises(ROOT);
  const exercises = listed.ok ? listed.exercises.flatMap((each) => (each.ok ? [each.exercise] : [])) : [];
  test.each(exercises.map(({ id, title }) => ({ id, title })))('$id', (exercise) => {
    const loaded = loadExerciseDeck(ROOT, exercise);
    expect(loaded.ok || loaded.message).toBe(true);
    expect(loaded.ok && questionsOf(loaded.deck).length).toBeGreaterThanOrEqual(5);
  });
});

test('a file that is missing or wrong is named', () => {
  expect(loadDeck('/nowhere', 'star')).toMatchObject({
    ok: false,
    file: 'harness/quiz/decks/star/deck.json',
  });
  expect(loadExerciseDeck('/nowhere', { id: '01-a', title: 'A' })).toMatchObject({
    ok: false,
    file: 'exercises/01-a/quiz.json',
  });
});
