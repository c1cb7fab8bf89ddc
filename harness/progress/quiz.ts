import { z } from 'zod';
import type { Database } from './sqlite.ts';

/** What is known of how well a question is remembered; see harness/quiz/schedule.ts. Times: milliseconds since 1970. */
export type QuizCard = {
  due: number;
  stability: number;
  difficulty: number;
  scheduledDays: number;
  learningSteps: number;
  reps: number;
  lapses: number;
  /** 0 new · 1 learning · 2 review · 3 learning again. */
  state: number;
  lastAt: number;
};

/** An answer to a question of a deck. */
export type QuizAnswer = { deck: string; question: string; at: number; correct: boolean };

/** By deck, then by question. */
export type QuizCards = ReadonlyMap<string, ReadonlyMap<string, QuizCard>>;

/** Keeps an answer and the card that `next` makes of the one before. Call it within a transaction. */
export function insertAnswer(
  db: Database,
  { deck, question, at, correct }: QuizAnswer,
  next: (card: QuizCard | null) => QuizCard,
): QuizCard {
  const before = db.prepare(`${CARDS} WHERE deck = ? AND question = ?`).get(deck, question);
  const card = next(before === undefined ? null : parseRow(before).card);
  db.prepare('INSERT INTO quiz_answer (deck, question, at, correct) VALUES (?, ?, ?, ?)').run(
    deck,
    question,
    Math.round(at),
    correct ? 1 : 0,
  );
  writeCard(db, deck, question, card);
  return card;
}

/** Puts a card in the place of the one before. */
export function writeCard(db: Database, deck: string, question: string, card: QuizCard): void {
  db.prepare(
    `INSERT INTO quiz_card (deck, question, due, stability, difficulty, scheduled_days, learning_steps, reps, lapses, state, last_at)
     VALUES (@deck, @question, @due, @stability, @difficulty, @scheduledDays, @learningSteps, @reps, @lapses, @state, @lastAt)
     ON CONFLICT (deck, question) DO UPDATE SET due = excluded.due, stability = excluded.stability,
       difficulty = excluded.difficulty, scheduled_days = excluded.scheduled_days,
       learning_steps = excluded.learning_steps, reps = excluded.reps, lapses = excluded.lapses,
       state = excluded.state, last_at = excluded.last_at`,
  ).run({ ...card, deck, question, due: Math.round(card.due), lastAt: Math.round(card.lastAt) });
}

export function readCards(db: Database): QuizCards {
  const decks = new Map<string, Map<string, QuizCard>>();
  for (const { deck, question, card } of db.prepare(CARDS).all().map(parseRow)) {
    const cards = decks.get(deck) ?? new Map<string, QuizCard>();
    decks.set(deck, cards.set(question, card));
  }
  return decks;
}

const CARDS = `SELECT deck, question, due, stability, difficulty, scheduled_days AS scheduledDays,
  learning_steps AS learningSteps, reps, lapses, state, last_at AS lastAt FROM quiz_card`;

export const quizCard = z.object({
  due: z.number(),
  stability: z.number(),
  difficulty: z.number(),
  scheduledDays: z.number(),
  learningSteps: z.number().int(),
  reps: z.number().int(),
  lapses: z.number().int(),
  state: z.number().int().min(0).max(3),
  lastAt: z.number(),
});

const row = quizCard.extend({ deck: z.string(), question: z.string() });

function parseRow(value: unknown): { deck: string; question: string; card: QuizCard } {
  const { deck, question, ...card } = row.parse(value);
  return { deck, question, card };
}
