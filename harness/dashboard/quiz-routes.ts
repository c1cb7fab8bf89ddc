import { randomBytes } from 'node:crypto';
import type { Express, Response } from 'express';
import { questionsOf } from '../quiz/deck.ts';
import type { Deck } from '../quiz/deck.ts';
import { grade } from '../quiz/grade.ts';
import type { Answer } from '../quiz/grade.ts';
import type { Library } from '../quiz/library.ts';
import { chooseQuestion } from '../quiz/schedule.ts';
import type { Choice } from '../quiz/schedule.ts';
import { inWords } from '../quiz/when.ts';
import { messagePage } from './frame.ts';
import type { Site } from './frame.ts';
import { askPage, gradedPage, quizPage } from './quiz-page.ts';
import type { QuizPlace } from './quiz-page.ts';
import { readAnswer } from './quiz-question.ts';
import { send, textOf } from './reply.ts';

type Given = { deck: string; question: string; answer: Answer; again: string };

export type QuizParts = { site: Site; library: Library; notes: () => readonly string[] };

/** As many answers are kept for a reload of their page; an older one is asked again. */
const MOST = 200;

/** The quiz: pages of its own, which need no script. */
export class QuizRoutes {
  private readonly parts: QuizParts;
  /** What was answered, for the page that explains it. */
  private readonly given = new Map<string, Given>();

  constructor(parts: QuizParts) {
    this.parts = parts;
  }

  pages(app: Express): void {
    const { site, library, notes } = this.parts;
    app.get('/quiz', (_request, response) => send(response, quizPage(site, library.offered(), notes())));
    app.get('/quiz/:deck', (request, response, next) => {
      const deck = this.deckOf(request.params.deck, response, next);
      if (deck === null) return;
      const place = this.placeOf(deck, textOf(request.query['section']));
      const asked = questionsOf(deck).find(({ id }) => id === textOf(request.query['question']));
      const choice: Choice =
        asked === undefined
          ? chooseQuestion(questionsOf(deck, place.section), place.cards, place.now)
          : { kind: 'due', question: asked };
      send(response, askPage(place, choice, request.query['missing'] === 'yes' ? NOT_FILLED : null));
    });
    app.get('/quiz/:deck/:question', (request, response, next) => {
      const deck = this.deckOf(request.params.deck, response, next);
      if (deck === null) return;
      const question = questionsOf(deck).find(({ id }) => id === request.params.question);
      if (question === undefined) return next();
      const given = this.given.get(textOf(request.query['given']));
      if (given?.deck !== deck.id || given.question !== question.id) {
        return response.redirect(303, `/quiz/${deck.id}?question=${question.id}`);
      }
      const place = this.placeOf(deck, textOf(request.query['section']));
      send(response, gradedPage(place, question, grade(question, given.answer), given.again));
    });
  }

  changes(app: Express): void {
    app.post('/quiz/:deck/:question', (request, response, next) => {
      const deck = this.deckOf(request.params.deck, response, next);
      if (deck === null) return;
      const question = questionsOf(deck).find(({ id }) => id === request.params.question);
      if (question === undefined) return next();
      const body = (request.body ?? {}) as Record<string, unknown>;
      const { section } = this.placeOf(deck, textOf(body['section']));
      const inSection = section === null ? '' : `&section=${section}`;
      const answer = readAnswer(question, body);
      if (answer === null) {
        return response.redirect(303, `/quiz/${deck.id}?question=${question.id}&missing=yes${inSection}`);
      }
      const { library } = this.parts;
      const kept = library.keep(deck, question.id, grade(question, answer).correct);
      const again = kept.ok ? `It comes again ${inWords(kept.nextAt, library.now())}.` : kept.message;
      const id = randomBytes(9).toString('base64url');
      if (this.given.size >= MOST) this.given.clear();
      this.given.set(id, { deck: deck.id, question: question.id, answer, again });
      response.redirect(303, `/quiz/${deck.id}/${question.id}?given=${id}${inSection}`);
    });
  }

  /** The deck; null: there is none of that name, or it is broken, and that was answered. */
  private deckOf(id: string, response: Response, next: () => void): Deck | null {
    const loaded = this.parts.library.deck(id);
    if (loaded === null) {
      next();
      return null;
    }
    if (loaded.ok) return loaded.deck;
    send(
      response,
      messagePage(this.parts.site, 'This quiz is broken', `${loaded.file}\n${loaded.message}`),
      500,
    );
    return null;
  }

  private placeOf(deck: Deck, typed: string): QuizPlace {
    const { site, library } = this.parts;
    const section = deck.sections.find(({ id }) => id === typed)?.id ?? null;
    return { site, deck, section, cards: library.cards(deck), now: library.now() };
  }
}

const NOT_FILLED = 'Something was not filled in, or a place was taken twice. Nothing was counted.';
