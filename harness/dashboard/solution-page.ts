import type { Exercise } from '../catalog/exercise.ts';
import type { RightWay } from '../catalog/solution.ts';
import type { FileDiff } from './desk.ts';
import { foreign, foreignLine } from './foreign.ts';
import { action, frame } from './frame.ts';
import type { Site } from './frame.ts';
import { highlight, languageOf } from './highlight.ts';
import { html, withCode } from './html.ts';
import type { Content, Html } from './html.ts';
import { renderMarkdown } from './markdown.ts';
import { pairLines } from './side-by-side.ts';

export type SolutionParts = {
  site: Site;
  exercise: Exercise;
  way: RightWay;
  /** Those beside the one that is shown; the solution itself is named `solution`. */
  others: readonly RightWay[];
  /** From the learner's files to these; null: theirs cannot be read. */
  diffs: readonly FileDiff[] | null;
};

/** Why a right program looks as it does, its files, and how the learner's differ. */
export function solutionPage({ site, exercise, way, others, diffs }: SolutionParts): Html {
  const { id } = exercise;
  return frame({
    site,
    title: `Solution of ${id}`,
    room: 'exercise',
    topic: null,
    main: html`<header class="intro">
        <p class="crumb"><a href="/">Map</a> · <a href="/exercise/${id}">${id}</a> · solution</p>
      </header>
      <div class="solution">
        <article class="spec">${renderMarkdown(way.text, { level: 1, rules: false })}</article>
        ${
          others.length === 0
            ? null
            : html`<section>
                <h2>Other right ways</h2>
                <ul class="ways">
                  ${others.map(
                    ({ name, title, summary }) =>
                      html`<li>
                        <a href="/exercise/${id}/solution?way=${encodeURIComponent(name)}"
                          >${withCode(title === '' ? name : title)}</a
                        >
                        <span class="small">${withCode(summary)}</span>
                      </li>`,
                  )}
                </ul>
              </section>`
        }
        <section>
          <h2>Yours and this one, side by side</h2>
          ${diffs === null ? html`<p>Your files cannot be read.</p>` : diffs.map(fileDiff)}
        </section>
        <section>
          <h2>Its files</h2>
          ${[...way.files].map(
            ([path, text]) =>
              html`<details class="file">
                <summary><code>${foreignLine(path)}</code></summary>
                <pre><code>${highlight(text, languageOf(path))}</code></pre>
              </details>`,
          )}
        </section>
      </div>`,
  });
}

/** Before the pass, and before it was shown for the first time: a clear word. */
export function askSolutionPage(site: Site, { id }: Exercise, isPassed: boolean): Html {
  return frame({
    site,
    title: `Solution of ${id}`,
    room: 'exercise',
    topic: null,
    main: html`<div class="narrow">
      <p class="crumb"><a href="/">Map</a> · <a href="/exercise/${id}">${id}</a></p>
      <h1>The solution of ${id}</h1>
      ${
        isPassed
          ? html`<p>
              You have passed it. Compare your program with ours, and read why ours looks as it does.
            </p>`
          : html`<p>
                You have not passed it yet. What you find yourself stays with you longer than what you read.
              </p>
              <p>A hint may be enough: each rule has some, below its line.</p>`
      }
      <p class="small">Your progress remembers when you saw it first. It takes nothing from a pass.</p>
      ${action(site, `/exercise/${id}/solution`, isPassed ? 'Show the solution' : 'Show it anyway', { id: 'show-solution' })}
      <p><a href="/exercise/${id}">Back to the exercise</a></p>
    </div>`,
  });
}

function fileDiff(diff: FileDiff): Content {
  const name = foreignLine(diff.path);
  const side = diff.yours ? (diff.theirs ? '' : ' (only yours)') : ' (only in the solution)';
  if (diff.kind === 'same') return html`<p><code>${name}</code> is the same.</p>`;
  if (diff.kind === 'far') {
    return html`<p><code>${name}</code> differs so much that comparing line by line says nothing.</p>`;
  }
  const rows = pairLines(diff.lines);
  return html`<details class="file" open>
    <summary><code>${name}</code>${side}</summary>
    <table class="diff">
      <thead>
        <tr>
          <th scope="col">yours</th>
          <th scope="col">solution</th>
        </tr>
      </thead>
      <tbody>
        ${rows.map((row) =>
          row.kind === 'gap'
            ? html`<tr class="gap">
                <td colspan="2">…</td>
              </tr>`
            : html`<tr>
                ${cell(row.yours, row.kind === 'change' ? 'minus' : '', '−')}${cell(row.theirs, row.kind === 'change' ? 'plus' : '', '+')}
              </tr>`,
        )}
      </tbody>
    </table>
  </details>`;
}

function cell(text: string | null, side: string, sign: string): Html {
  if (text === null) return html`<td class="none"></td>`;
  return html`<td${side === '' ? null : html` class="${side}"`}>${side === '' ? null : html`<span class="sign">${sign}</span>`}${foreign(text, { maxChars: 2_000, maxLines: 1 })}</td>`;
}
