import { OUTLINE } from '../quiz/question.ts';
import type { Question } from '../quiz/question.ts';
import type { Answer, Graded } from '../quiz/grade.ts';
import { shownOrder } from '../quiz/shuffle.ts';
import { html, withCode } from './html.ts';
import type { Html } from './html.ts';

/** The fields of a question's form. `round`: how often it was answered; it decides the order of the options. */
export function questionFields(question: Question, round: number): Html {
  const shown = shownOrder(question, round);
  switch (question.kind) {
    case 'choice':
    case 'several': {
      const type = question.kind === 'choice' ? 'radio' : 'checkbox';
      return html`<fieldset>
        <legend>${withCode(question.question)}</legend>
        ${type === 'checkbox' ? html`<p class="small">More than one is right.</p>` : null}
        ${shown.map(
          (place) =>
            html`<label class="option"
              ><input
                type="${type}"
                name="a"
                value="${place}"
                ${type === 'radio' ? html`required` : null}
              /><span>${withCode(question.options[place]?.text ?? '')}</span></label
            >`,
        )}
      </fieldset>`;
    }
    case 'order':
      return html`<fieldset>
        <legend>${withCode(question.question)}</legend>
        ${shown.map(
          (place) =>
            html`<label class="row"
              ><select name="p${place}" required>
                <option value="">–</option>
                ${shown.map((_, at) => html`<option value="${at}">${at + 1}</option>`)}</select
              ><span>${withCode(question.items[place] ?? '')}</span></label
            >`,
        )}
      </fieldset>`;
    case 'match':
      return html`<fieldset>
        <legend>${withCode(question.question)}</legend>
        ${question.pairs.map(
          ({ left }, index) =>
            html`<label class="row pair"
              ><span>${withCode(left)}</span
              ><select name="p${index}" required>
                <option value="">–</option>
                ${shown.map(
                  (place) => html`<option value="${place}">${question.pairs[place]?.right ?? ''}</option>`,
                )}
              </select></label
            >`,
        )}
      </fieldset>`;
    case 'number':
      return html`<fieldset>
        <legend>${withCode(question.question)}</legend>
        <label class="row"
          ><input name="a" inputmode="decimal" autocomplete="off" required /><span
            >${question.unit}</span
          ></label
        >
        <p class="small">${question.factor > 1.5 ? 'A rough figure will do.' : ''}</p>
      </fieldset>`;
    case 'outline':
      return html`<fieldset>
        <legend>${withCode(question.question)}</legend>
        ${OUTLINE.map(
          ({ name, about }) =>
            html`<label class="long"
              ><span>${name} <small>${about}</small></span
              ><textarea name="a" rows="3" maxlength="4000"></textarea>
            </label>`,
        )}
      </fieldset>`;
  }
}

/** What the form of a question sent; null: not filled in, or a place was taken twice. */
export function readAnswer(question: Question, body: Readonly<Record<string, unknown>>): Answer | null {
  switch (question.kind) {
    case 'choice':
    case 'several':
    case 'number':
    case 'outline': {
      const given = listOf(body['a']);
      return given.length === 0 ? null : given;
    }
    case 'order': {
      const places = question.items.map((_, place) => Number(listOf(body[`p${place}`])[0] ?? NaN));
      const answer = question.items.map((_, at) => places.indexOf(at));
      return answer.includes(-1) ? null : answer.map(String);
    }
    case 'match': {
      const answer = question.pairs.map((_, index) => listOf(body[`p${index}`])[0] ?? '');
      return answer.includes('') ? null : answer;
    }
  }
}

/** The answer, and why each option is right or wrong. */
export function gradedView(question: Question, { correct, summary, lines }: Graded): Html {
  return html`<section class="graded ${correct ? 'right' : 'wrong'}" aria-labelledby="graded">
    <h2 id="graded">${headline(question, correct)}</h2>
    ${summary === '' ? null : html`<p>${withCode(summary)}</p>`}
    <ul>
      ${lines.map(
        (line) =>
          html`<li class="${line.right === line.chosen ? 'good' : 'miss'}${line.right ? ' key' : ''}">
            <p><strong>${withCode(line.text)}</strong> <span class="tag">${tagOf(question, line)}</span></p>
            ${line.why === '' ? null : html`<p>${withCode(line.why)}</p>`}
          </li>`,
      )}
    </ul>
    <p class="small">Source: ${question.source}</p>
  </section>`;
}

function headline({ kind }: Question, correct: boolean): string {
  if (kind === 'outline') return correct ? 'Nothing is missing' : 'Something is missing';
  return correct ? 'Right' : 'Not quite';
}

function tagOf({ kind }: Question, { right, chosen }: Graded['lines'][number]): string {
  switch (kind) {
    case 'choice':
    case 'several':
      return [right ? '✓ right' : '✗ wrong', ...(chosen ? ['your answer'] : [])].join(' · ');
    case 'order':
      return chosen ? '✓ in its place' : '✗ you had another place';
    case 'match':
      return chosen ? '✓ matched' : '✗ you had another';
    case 'number':
      return chosen ? '✓ near enough' : '';
    case 'outline':
      return chosen ? '✓' : '✗';
  }
}

function listOf(value: unknown): string[] {
  const all: unknown[] = Array.isArray(value) ? value : [value];
  return all.filter((each): each is string => typeof each === 'string');
}
