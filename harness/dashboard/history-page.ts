import type { DayCount, History, PastAttempt } from '../progress/history.ts';
import { frame, tokenField } from './frame.ts';
import type { Site } from './frame.ts';
import { html } from './html.ts';
import type { Content, Html } from './html.ts';
import { day } from './map-page.ts';

/** How many days the bars show. */
export const DAYS = 60;

/** `before`: the attempts before this one are shown; null: the newest. `history` null: progress cannot be used, and a note says why. */
export type HistoryParts = {
  site: Site;
  history: History | null;
  before: number | null;
  now: number;
  notes: readonly string[];
};

/** What was tried and when, and a way to carry it to another machine. */
export function historyPage({ site, history, before, now, notes }: HistoryParts): Html {
  return frame({
    site,
    title: 'History',
    room: 'history',
    topic: null,
    notes,
    main: html`<header class="intro">
        <h1>History</h1>
        <p class="tally">
          ${
            history === null || history.total === 0
              ? 'Nothing was checked yet.'
              : `${history.total} ${history.total === 1 ? 'check' : 'checks'} so far.`
          }
        </p>
      </header>
      ${history === null || history.total === 0 ? null : [bars(history.days, now), table(history, before)]}
      ${transfer(site)}`,
  });
}

function table({ attempts, older }: History, first: number | null): Content {
  const last = attempts.at(-1);
  return html`<table class="attempts">
      <caption class="unseen">
        Checks, newest first
      </caption>
      <thead>
        <tr>
          <th scope="col">When</th>
          <th scope="col">Exercise</th>
          <th scope="col">Result</th>
          <th scope="col">Rules</th>
        </tr>
      </thead>
      <tbody>
        ${attempts.map(
          (attempt) =>
            html`<tr>
              <td>${day(attempt.at)} ${clock(attempt.at)}</td>
              <td><a href="/exercise/${attempt.exercise}">${attempt.exercise}</a></td>
              <td class="${attempt.status}">${result(attempt)}</td>
              <td>${attempt.points} of ${attempt.maxPoints}</td>
            </tr>`,
        )}
      </tbody>
    </table>
    <p class="pages">
      ${first === null ? null : html`<a href="/history">Newest</a>`}${
        older && last !== undefined ? html`<a id="older" href="/history?before=${last.id}">Older</a>` : null
      }
    </p>`;
}

function result({ status, mastered }: PastAttempt): string {
  if (mastered) return '★ mastered';
  return { passed: '✓ passed', failed: '✗ not passed', error: '! no rule tried' }[status];
}

/** A bar for each of the last days: its height says how many checks, its lower part how many passed. */
function bars(days: readonly DayCount[], now: number): Content {
  const known = new Map(days.map((each) => [each.day, each]));
  const shown = Array.from({ length: DAYS }, (_, index) => {
    const at = new Date(now);
    at.setDate(at.getDate() - (DAYS - 1 - index));
    return known.get(day(at.getTime())) ?? null;
  });
  const most = Math.max(1, ...shown.map((each) => each?.attempts ?? 0));
  const total = shown.reduce((sum, each) => sum + (each?.attempts ?? 0), 0);
  const height = (count: number): string => ((count / most) * 40).toFixed(1);
  return html`<figure>
    <svg
      class="bars"
      viewBox="0 0 ${DAYS * 4} 42"
      preserveAspectRatio="none"
      role="img"
      aria-label="${total} checks in the last ${DAYS} days"
    >
      ${shown.map((each, index) =>
        each === null
          ? null
          : html`<rect
                x="${index * 4}"
                y="${42 - Number(height(each.attempts))}"
                width="3"
                height="${height(each.attempts)}"
              ></rect
              ><rect
                class="passes"
                x="${index * 4}"
                y="${42 - Number(height(each.passes))}"
                width="3"
                height="${height(each.passes)}"
              ></rect>`,
      )}
    </svg>
    <figcaption class="small">Checks on each of the last ${DAYS} days; in green those that passed</figcaption>
  </figure>`;
}

function transfer(site: Site): Html {
  return html`<section class="phase">
    <h2>Take it along</h2>
    <p>
      <a id="export" href="/history/progress.json" download="workbook-progress.json">Export your progress</a>
      as one file. Your programs are not in it: they are in git, or in your own copy.
    </p>
    <form id="import" method="post" action="/history/import">
      ${tokenField(site)}
      <h3>Import from another machine</h3>
      <p class="small">What is there and not here is added. Nothing is lost.</p>
      <label id="import-file" class="long" hidden
        ><span>The exported file</span> <input type="file" accept="application/json,.json"
      /></label>
      <label id="import-text" class="long"
        ><span>The text of the exported file</span>
        <textarea name="document" rows="4" required spellcheck="false"></textarea>
      </label>
      <button class="quiet">Import</button>
    </form>
  </section>`;
}

function clock(at: number): string {
  return new Date(at).toTimeString().slice(0, 5);
}
