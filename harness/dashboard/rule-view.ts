import { curlLine } from '../verdict/curl.ts';
import { causeTexts } from '../verdict/failure.ts';
import type { RuleResult, Verdict } from '../verdict/verdict.ts';
import { foreign, foreignLine } from './foreign.ts';
import { action } from './frame.ts';
import type { Site } from './frame.ts';
import { html } from './html.ts';
import type { Content, Html } from './html.ts';
import { renderMarkdown } from './markdown.ts';
import { placesIn } from './source-place.ts';
import type { SourcePlace } from './source-place.ts';

/** A rule as the page shows it. `result` null: nobody has judged it in this run. */
export type ShownRule = {
  id: string;
  tier: 'core' | 'extra';
  title: string;
  citation: string;
  status: RuleResult['status'];
  result: RuleResult | null;
  /** All hints of the rule, and how many of them were seen. */
  hints: readonly string[];
  seen: number;
  /** The rules that it waits for. */
  waitsFor: readonly string[];
};

export type RuleSurroundings = {
  site: Site;
  exercise: string;
  verdict: Verdict | null;
  files: ReadonlyMap<string, string>;
  /** The rule to work on: it is open from the start. */
  next: string | null;
};

/** One rule: a line, and below it all that helps when it failed. */
export function ruleView(rule: ShownRule, around: RuleSurroundings): Html {
  const { id, title, citation, status } = rule;
  const isNext = around.next === id;
  return html`<li class="rule ${status}${isNext ? ' next' : ''}">
    <details id="rule-${id}" data-status="${status}" ${isNext ? html` open` : null}>
      <summary>
        <span class="mark" aria-hidden="true">${MARKS[status]}</span><span class="id">${id}</span
        ><span class="title">${title}</span><span class="unseen">: ${WORDS[status]}</span>
      </summary>
      <div class="body">
        <p class="citation"><a href="#${id}">in the spec</a> · ${citation}</p>
        ${rule.result === null ? null : failure(rule, rule.result, around)}
        ${status === 'passed' ? null : hints(rule, around)}
      </div>
    </details>
  </li>`;
}

/** The line of the rule that is shown in full above its list. */
export function nextLine({ id, title, status }: ShownRule): Html {
  return html`<li class="rule ${status}">
    <a class="line-of-rule" href="#rule-${id}"
      ><span class="mark" aria-hidden="true">${MARKS[status]}</span><span class="id">${id}</span
      ><span class="title">${title}</span><span class="unseen">: ${WORDS[status]}, shown above</span></a
    >
  </li>`;
}

function failure(rule: ShownRule, result: RuleResult, around: RuleSurroundings): Content {
  if (result.status === 'passed') return null;
  if (result.status === 'error') return html`<p>${NOT_JUDGED}</p>`;
  if (result.status === 'untried') {
    const waits = rule.waitsFor.length === 0 ? '' : ` It waits for ${rule.waitsFor.join(', ')}.`;
    return html`<p>Not tried yet.${waits}</p>`;
  }
  const { message, exchange, cause } = result;
  const explanation = cause === null || cause === 'wrong' ? null : causeTexts[cause];
  const sent =
    message?.sent ?? (exchange === null ? null : (exchange.raw ?? `${exchange.method} ${exchange.target}`));
  const rows: [label: string, value: string | null][] = [
    ['step', message === null || message.step === result.title ? null : message.step],
    ['sent', sent],
    ['expected', message?.expected ?? null],
    ['got', message?.got ?? null],
  ];
  return html`<dl class="facts">
      ${rows.map(([label, value]) =>
        value === null || value.trim() === ''
          ? null
          : html`<div class="${label}">
              <dt>${label}</dt>
              <dd>${foreign(value, { maxChars: 2_000, maxLines: 14 })}</dd>
            </div>`,
      )}
    </dl>
    ${message?.note == null ? null : html`<p>${foreign(message.note, { maxLines: 6 })}</p>`}
    ${explanation === null || message?.note != null ? null : html`<p>${explanation}</p>`}
    ${message?.often == null ? null : html`<p class="often"><strong>This often means:</strong> ${foreign(message.often, { maxLines: 6 })}</p>`}
    ${places(result, around)} ${again(result, around)} ${around.next === rule.id ? output(around) : null}`;
}

/** The lines of the learner's code that an error names. */
function places(result: RuleResult, { site, exercise, verdict, files }: RuleSurroundings): Content {
  const said = [result.message?.got, result.message?.note].filter((text) => text != null).join('\n');
  const printed = result.cause === 'crashed' ? (verdict?.output.text ?? '') : '';
  const found = placesIn(`${said}\n${printed}`, files);
  return placeList(found, exercise, site);
}

/** Places with their code, each with a way into the editor. */
export function placeList(found: readonly SourcePlace[], exercise: string, site: Site): Content {
  if (found.length === 0) return null;
  return html`<div class="places">
    <h4>In your code</h4>
    ${found.map(
      ({ file, line, text }) =>
        html`<div class="place">
          <code>${foreignLine(`${file}:${line}`)}</code>
          <pre><code>${foreign(text, { maxChars: 300, maxLines: 1 })}</code></pre>
          ${action(site, `/exercise/${exercise}/open`, 'Open there', { fields: { file, line: String(line) }, quiet: true })}
        </div>`,
    )}
  </div>`;
}

/** How to send the request that failed once more. */
function again(result: RuleResult, { exercise }: RuleSurroundings): Content {
  if (result.exchange === null) return null;
  const serve = `npm run serve ${exercise} ${result.id}`;
  const curl = curlLine(result.exchange, SERVED);
  return html`<div class="again">
    <h4>Send it yourself</h4>
    ${copied(serve, `again-${result.id}-1`)} ${curl === null ? null : copied(curl, `again-${result.id}-2`)}
    <p class="small">
      The first line starts your program right before this request. It prints the request with the ids and
      tokens of that run.
    </p>
  </div>`;
}

/** A line for a terminal, with a button that copies it. The button is shown when the script is there. */
function copied(line: string, id: string): Html {
  return html`<div class="copied">
    <code id="${id}">${foreign(line, { maxChars: 4_500 })}</code
    ><button type="button" class="quiet copy" data-copy="${id}" hidden>Copy</button>
  </div>`;
}

function output({ verdict }: RuleSurroundings): Content {
  if (verdict === null || verdict.output.text.trim() === '') return null;
  return html`<div class="output">
    <h4>Your program printed</h4>
    <pre><code>${foreign(verdict.output.text, { maxLines: 30, maxColumns: 400, keep: 'end' })}</code></pre>
    ${verdict.output.truncated ? html`<p class="small">It printed more than is kept.</p>` : null}
  </div>`;
}

function hints(rule: ShownRule, { site, exercise }: RuleSurroundings): Content {
  const { id, hints: all, seen } = rule;
  if (all.length === 0) return null;
  const shown = all.slice(0, seen);
  const label = seen === 0 ? `Show a hint (of ${all.length})` : `Show hint ${seen + 1} of ${all.length}`;
  return html`<div class="hints">
    ${
      shown.length === 0
        ? null
        : html`<h4>Hints</h4>
            <ol>
              ${shown.map((hint) => html`<li>${renderMarkdown(hint)}</li>`)}
            </ol>`
    }${seen < all.length ? action(site, `/exercise/${exercise}/hint`, label, { fields: { rule: id }, quiet: true, id: `hint-${id}` }) : null}
  </div>`;
}

export const MARKS: Readonly<Record<RuleResult['status'], string>> = {
  passed: '✓',
  failed: '✗',
  untried: '○',
  error: '!',
};

const WORDS: Readonly<Record<RuleResult['status'], string>> = {
  passed: 'passed',
  failed: 'failed',
  untried: 'not tried',
  error: 'could not be judged',
};

/** Where `npm run serve` listens when nothing else is there. */
const SERVED = 'http://127.0.0.1:4000';

const NOT_JUDGED =
  'The check of this rule failed, not your program, so nothing is known about the rule. Check again. If it happens again, it is a mistake in the workbook.';
