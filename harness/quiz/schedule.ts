import { createEmptyCard, fsrs, Rating } from 'ts-fsrs';
import type { Card } from 'ts-fsrs';
import type { QuizCard } from '../progress/progress.ts';
import type { Question } from './question.ts';

/**
 * When a question comes again. FSRS (ts-fsrs) estimates from the answers so far how long it will be remembered, and asks
 * again when that becomes doubtful: after minutes at first, after weeks later. No randomness, so that tests can tell.
 */
const scheduler = fsrs({ enable_fuzz: false });

/** The card after an answer. `card` null: the question was new. `at`: milliseconds since 1970. */
export function answered(card: QuizCard | null, at: number, correct: boolean): QuizCard {
  const now = new Date(at);
  const before = card === null ? createEmptyCard(now) : cardOf(card);
  const { card: after } = scheduler.next(before, now, correct ? Rating.Good : Rating.Again);
  return {
    due: after.due.getTime(),
    stability: after.stability,
    difficulty: after.difficulty,
    scheduledDays: after.scheduled_days,
    learningSteps: after.learning_steps,
    reps: after.reps,
    lapses: after.lapses,
    state: after.state,
    lastAt: at,
  };
}

export type Cards = ReadonlyMap<string, QuizCard>;

/** What to ask now. `nextAt`: when the first question comes again; null: never was one asked. */
export type Choice = { kind: 'due' | 'new'; question: Question } | { kind: 'nothing'; nextAt: number | null };

/** What is due comes first, the longest overdue before; then what is new, in the order of the deck. */
export function chooseQuestion(questions: readonly Question[], cards: Cards, now: number): Choice {
  const asked = questions.flatMap((question) => {
    const card = cards.get(question.id);
    return card === undefined ? [] : [{ question, due: card.due }];
  });
  const [first] = asked.toSorted((a, b) => a.due - b.due);
  if (first !== undefined && first.due <= now) return { kind: 'due', question: first.question };
  const fresh = questions.find(({ id }) => !cards.has(id));
  if (fresh !== undefined) return { kind: 'new', question: fresh };
  return { kind: 'nothing', nextAt: first?.due ?? null };
}

/** How many of the questions are new, due, or wait for their day. */
export function countOf(
  questions: readonly Question[],
  cards: Cards,
  now: number,
): { fresh: number; due: number; later: number } {
  const known = questions.flatMap(({ id }) => cards.get(id) ?? []);
  const due = known.filter((card) => card.due <= now).length;
  return { fresh: questions.length - known.length, due, later: known.length - due };
}

function cardOf(card: QuizCard): Card {
  return {
    due: new Date(card.due),
    stability: card.stability,
    difficulty: card.difficulty,
    elapsed_days: 0,
    scheduled_days: card.scheduledDays,
    learning_steps: card.learningSteps,
    reps: card.reps,
    lapses: card.lapses,
    state: card.state,
    last_review: new Date(card.lastAt),
  };
}
