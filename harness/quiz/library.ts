import type { Progress, QuizCard } from '../progress/progress.ts';
import { DECKS, loadDeck, loadExerciseDeck, questionsOf } from './deck.ts';
import type { Deck, LoadedDeck } from './deck.ts';
import { answered, countOf } from './schedule.ts';
import type { Cards } from './schedule.ts';

/** A deck as it is offered. `problem`: why it cannot be used. */
export type Offered = {
  id: string;
  title: string;
  /** Of an exercise, or one of the general decks. */
  exercise: boolean;
  fresh: number;
  due: number;
  later: number;
  problem: string | null;
};

/** `nextAt`: when the question comes again, in milliseconds since 1970. */
export type Kept = { ok: true; nextAt: number } | { ok: false; message: string };

export type LibraryParts = {
  root: string;
  exercises: readonly { id: string; title: string }[];
  /** Null: nothing is remembered. */
  progress: Pick<Progress, 'quizCards' | 'answerQuiz'> | null;
  now: () => number;
};

/** All decks with what the learner remembers of them. Decks are read once. */
export class Library {
  private readonly parts: LibraryParts;
  private readonly loaded = new Map<string, LoadedDeck>();

  constructor(parts: LibraryParts) {
    this.parts = parts;
  }

  /** The ids of all decks: the general ones first. */
  ids(): string[] {
    return [...DECKS, ...this.parts.exercises.map(({ id }) => id)];
  }

  /** A deck by its id; null: there is none of that name. */
  deck(id: string): LoadedDeck | null {
    const known = this.loaded.get(id);
    if (known !== undefined) return known;
    const { root, exercises } = this.parts;
    const general = DECKS.find((each) => each === id);
    const exercise = exercises.find((each) => each.id === id);
    if (general === undefined && exercise === undefined) return null;
    const loaded =
      general !== undefined ? loadDeck(root, general) : loadExerciseDeck(root, exercise ?? { id, title: id });
    this.loaded.set(id, loaded);
    return loaded;
  }

  offered(): Offered[] {
    const { progress, now, exercises } = this.parts;
    const cards = progress?.quizCards() ?? new Map<string, Cards>();
    return this.ids().flatMap((id): Offered[] => {
      const loaded = this.deck(id);
      if (loaded === null) return [];
      const exercise = exercises.some((each) => each.id === id);
      if (!loaded.ok) {
        const problem = `${loaded.file}: ${loaded.message}`;
        return [{ id, title: id, exercise, fresh: 0, due: 0, later: 0, problem }];
      }
      const count = countOf(questionsOf(loaded.deck), cards.get(id) ?? new Map<string, QuizCard>(), now());
      return [{ id, title: loaded.deck.title, exercise, ...count, problem: null }];
    });
  }

  cards(deck: Pick<Deck, 'id'>): Cards {
    return this.parts.progress?.quizCards().get(deck.id) ?? new Map<string, QuizCard>();
  }

  /** Keeps an answer, and decides when the question comes again. */
  keep(deck: Pick<Deck, 'id'>, question: string, correct: boolean): Kept {
    const { progress } = this.parts;
    if (progress === null) return { ok: false, message: FORGOTTEN };
    const kept = progress.answerQuiz({ deck: deck.id, question, correct }, (card, at) =>
      answered(card, at, correct),
    );
    return kept.ok ? { ok: true, nextAt: kept.card.due } : kept;
  }

  now(): number {
    return this.parts.now();
  }
}

const FORGOTTEN = 'Your progress cannot be used, so nobody remembers this answer.';
