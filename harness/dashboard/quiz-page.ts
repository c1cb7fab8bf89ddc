import type { Deck } from '../quiz/deck.ts';
import { questionsOf } from '../quiz/deck.ts';
import type { Graded } from '../quiz/grade.ts';
import type { Offered } from '../quiz/library.ts';
import type { Question } from '../quiz/question.ts';
import type { Cards, Choice } from '../quiz/schedule.ts';
import { countOf } from '../quiz/schedule.ts';
import { inWords } from '../quiz/when.ts';
import { frame, tokenField } from './frame.ts';
import type { Site } from './frame.ts';
import { html, withCode } from './html.ts';
import type { Content, Html } from './html.ts';
import { gradedView, questionFields } from './quiz-question.ts';

/** All decks, with what is due. */
export function quizPage(site: Site, offered: readonly Offered[], notes: readonly string[]): Html {
  const general = offered.filter(({ exercise }) => !exercise);
  const exercises = offered.filter(({ exercise }) => exercise);
  return frame({
    site,
    title: 'Quiz',
    room: 'quiz',
    topic: null,
    notes,
    main: html`<header class="intro">
        <h1>Quiz</h1>
        <p class="tally">
          Each wrong option says why it is wrong. What you know comes back later each time, what you did not
          know comes back soon.
        </p>
      </header>
      <section class="phase">
        <h2>Decks</h2>
        ${deckList(general)}
      </section>
      <section class="phase">
        <h2>Of the exercises</h2>
        ${deckList(exercises)}
      </section>`,
  });
}

function deckList(decks: readonly Offered[]): Html {
  return html`<ul class="decks">
    ${decks.map(
      ({ id, title, due, fresh, later, problem, exercise }) =>
        html`<li>
          <a href="/quiz/${id}">${exercise ? id : title}</a>${exercise ? html` <span>${title}</span>` : null}
          <span class="counts"
            >${problem === null ? counts({ due, fresh, later }) : `Broken: ${problem}`}</span
          >
        </li>`,
    )}
  </ul>`;
}

function counts({ due, fresh, later }: { due: number; fresh: number; later: number }): string {
  const parts = [
    ...(due > 0 ? [`${due} due`] : []),
    ...(fresh > 0 ? [`${fresh} new`] : []),
    ...(later > 0 ? [`${later} learned`] : []),
  ];
  return parts.length === 0 ? 'no questions yet' : parts.join(' · ');
}

/** Where in a deck a person is. `section` null: all of it. */
export type QuizPlace = { site: Site; deck: Deck; section: string | null; cards: Cards; now: number };

/** One question, or that there is nothing to ask now. */
export function askPage(place: QuizPlace, choice: Choice, said: string | null): Html {
  const { site, deck, section, cards, now } = place;
  const body =
    choice.kind === 'nothing'
      ? html`<div class="narrow-text">
          <h2>Nothing is due</h2>
          <p>
            ${
              choice.nextAt === null
                ? 'This deck has no questions yet.'
                : `The next question comes ${inWords(choice.nextAt, now)}. To go through one again, choose it below.`
            }
          </p>
          <p><a class="button" href="/quiz">All decks</a></p>
        </div>`
      : html`${introOf(deck, choice.question)}
          <form method="post" action="/quiz/${deck.id}/${choice.question.id}" class="question">
            ${tokenField(site)}<input type="hidden" name="section" value="${section ?? ''}" />
            ${questionFields(choice.question, cards.get(choice.question.id)?.reps ?? 0)}
            <button class="main" id="answer">Answer</button>
          </form>`;
  return deckFrame(place, said, html`${body} ${contents(place)}`);
}

/** What came of an answer. `again`: when the question comes again, or why nobody knows. */
export function gradedPage(place: QuizPlace, question: Question, graded: Graded, again: string): Html {
  const { deck, section } = place;
  const next = `/quiz/${deck.id}${section === null ? '' : `?section=${section}`}`;
  return deckFrame(
    place,
    null,
    html`<p class="asked">${withCode(question.question)}</p>
      ${gradedView(question, graded)}
      <p class="go">
        <a class="button" id="next" href="${next}">Next question</a> <span class="small">${again}</span>
      </p>`,
  );
}

function deckFrame({ site, deck, section, cards, now }: QuizPlace, said: string | null, main: Content): Html {
  const title = deck.sections.find(({ id }) => id === section)?.title;
  const count = countOf(questionsOf(deck, section), cards, now);
  return frame({
    site,
    title: `${deck.title} · Quiz`,
    room: 'quiz',
    topic: null,
    notes: said === null ? [] : [said],
    main: html`<header class="intro">
        <p class="crumb">
          <a href="/quiz">Quiz</a> ·
          ${title === undefined ? deck.title : html`<a href="/quiz/${deck.id}">${deck.title}</a>`}
        </p>
        <h1>${title ?? deck.title}</h1>
        <p class="tally">${counts(count)}</p>
      </header>
      ${main}`,
  });
}

/** What a section is about stands above its questions: a design begins there. */
function introOf(deck: Deck, question: Question): Content {
  const intro = deck.sections.find(({ questions }) => questions.includes(question))?.intro ?? '';
  return intro === '' ? null : html`<p class="notice">${intro}</p>`;
}

/** All questions, to choose one. */
function contents({ deck, section, cards, now }: QuizPlace): Html {
  return html`<details class="contents" id="contents">
    <summary>All questions of this deck</summary>
    <p>${deck.about}</p>
    ${deck.sections.map(
      ({ id, title, questions }) =>
        html`<h2>
            ${title}${
              deck.sections.length > 1 && section !== id
                ? html` <small><a href="/quiz/${deck.id}?section=${id}">only these</a></small>`
                : null
            }
          </h2>
          <ul>
            ${questions.map(
              (question) =>
                html`<li>
                  <a href="/quiz/${deck.id}?question=${question.id}">${firstLine(question.question)}</a>
                  <span class="small">${standing(question.id, cards, now)}</span>
                </li>`,
            )}
          </ul>`,
    )}
  </details>`;
}

function standing(id: string, cards: Cards, now: number): string {
  const card = cards.get(id);
  return card === undefined ? 'new' : card.due <= now ? 'due' : `comes ${inWords(card.due, now)}`;
}

function firstLine(text: string): string {
  const line = (text.split('\n')[0] ?? '').replaceAll('`', '');
  return line.length > 110 ? `${line.slice(0, 108).trimEnd()}…` : line;
}
