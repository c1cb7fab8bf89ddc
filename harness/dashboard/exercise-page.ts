import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Exercise } from '../catalog/exercise.ts';
import type { Replacement } from '../catalog/replace-editable.ts';
import { foreignLine } from './foreign.ts';
import { duration, frame, tokenField } from './frame.ts';
import type { Site } from './frame.ts';
import { html } from './html.ts';
import type { Html } from './html.ts';
import { renderMarkdown } from './markdown.ts';
import { panel } from './panel.ts';
import type { PanelParts } from './panel.ts';

/** `said`: what came of a change, shown once above the page. */
export type ExerciseParts = PanelParts & { notes: readonly string[]; said: string | null };

/** The spec, and beside it the rules. */
export function exercisePage(parts: ExerciseParts): Html {
  const { site, exercise, notes, said } = parts;
  return frame({
    site,
    title: exercise.id,
    room: 'exercise',
    topic: exercise.id,
    notes: [...notes, ...(said === null ? [] : [said])],
    main: html`<header class="intro">
        <p class="crumb"><a href="/">Map</a> · ${exercise.id}</p>
        <h1>${exercise.title}</h1>
        <p class="tally">
          Phase ${exercise.phase} · about ${duration(exercise.minutes)} · difficulty ${exercise.difficulty} of
          5 · <a href="/quiz/${exercise.id}">quiz</a>
        </p>
      </header>
      <div class="desk">
        <section id="panel" class="panel" aria-label="Rules and results">${panel(parts)}</section>
        <article class="spec" aria-label="Spec">${spec(exercise)}</article>
      </div>`,
  });
}

/** The README without its first heading, which stands above already. */
function spec({ folder, id }: Exercise): Html {
  let text: string;
  try {
    text = readFileSync(join(folder, 'README.md'), 'utf8');
  } catch {
    return html`<p>The spec, exercises/${id}/README.md, cannot be read.</p>`;
  }
  return renderMarkdown(text.replace(/^\s*# .*\r?\n/, ''), { level: 1, rules: true });
}

/** Asks before the starting code comes back; `replacement` null: it is there already. */
export function resetPage(site: Site, { id }: Exercise, replacement: Replacement | null): Html {
  const rows =
    replacement === null
      ? []
      : [
          ...replacement.changed.map((path) => [path, 'becomes what it was'] as const),
          ...replacement.missing.map((path) => [path, 'comes back'] as const),
          ...replacement.additional.map((path) => [path, 'goes, as it was not there'] as const),
        ];
  return frame({
    site,
    title: `Begin ${id} again`,
    room: 'exercise',
    topic: null,
    main: html`<div class="narrow">
      <p class="crumb"><a href="/">Map</a> · <a href="/exercise/${id}">${id}</a></p>
      <h1>Begin ${id} again?</h1>
      ${
        replacement === null
          ? html`<p>Your files are the starting code already. There is nothing to put back.</p>
              <p><a href="/exercise/${id}">Back</a></p>`
          : html`<p>This puts the starting code in the place of your files:</p>
              <ul>
                ${rows.map(([path, text]) => html`<li><code>${foreignLine(path)}</code> ${text}</li>`)}
              </ul>
              <p>A copy of all your files is kept first. What you passed stays passed.</p>
              <form method="post" action="/exercise/${id}/reset" class="action">
                ${tokenField(site)}<button id="reset" class="main">Put the starting code back</button>
                <a href="/exercise/${id}">No, leave my files as they are</a>
              </form>`
      }
    </div>`,
  });
}
