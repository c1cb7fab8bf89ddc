import type { MapEntry, Overview } from './desk.ts';
import { duration, frame } from './frame.ts';
import type { Site } from './frame.ts';
import { html } from './html.ts';
import type { Html } from './html.ts';

export type MapParts = {
  site: Site;
  overview: Overview;
  /** Where the learner was last; null: nobody knows. */
  place: string | null;
  notes: readonly string[];
};

/** All exercises by phase, and the one to go on with. */
export function mapPage({ site, overview, place, notes }: MapParts): Html {
  return frame({
    site,
    title: 'Map',
    room: 'map',
    topic: 'map',
    notes,
    main: html`<div id="map">${mapBody(overview, place)}</div>`,
  });
}

/** The part that changes while the page is open. */
export function mapBody(overview: Overview, place: string | null): Html {
  const here = overview.exercises.filter(({ state }) => state !== 'planned');
  const passed = here.filter(({ passedAt }) => passedAt !== null).length;
  const mastered = here.filter(({ masteredAt }) => masteredAt !== null).length;
  const share = here.length === 0 ? 0 : Math.round((100 * passed) / here.length);
  return html`<header class="intro">
      <h1>Learn backend development by building it</h1>
      <p class="tally">
        <strong>${passed}</strong> of ${here.length} passed · <strong>${mastered}</strong> mastered${
          overview.minutesLeft > 0 ? html` · about ${duration(overview.minutesLeft)} left` : null
        }
      </p>
      <progress class="meter" max="100" value="${share}" aria-label="Exercises passed">${share} %</progress>
      ${goOn(overview, place)} ${nextDue(overview)}
    </header>
    ${phases(overview).map(([phase, entries]) => phaseSection(phase, entries, overview))}`;
}

function goOn({ current, exercises }: Overview, place: string | null): Html | null {
  const next = exercises.find(({ id }) => id === current);
  const last = exercises.find(({ id, state }) => id === place && id !== current && state !== 'locked');
  if (next === undefined && last === undefined) return null;
  return html`<p class="go">
    ${
      next === undefined
        ? null
        : html`<a class="button" href="/exercise/${next.id}"
            >${next.attempts > 0 ? 'Go on with' : 'Begin'} ${next.id}</a
          >`
    }${last === undefined ? null : html` <a href="/exercise/${last.id}">You were last at ${last.id}</a>`}
  </p>`;
}

/** The assigned exercise whose time comes next, for whoever does not read the whole map. */
function nextDue({ exercises }: Overview): Html | null {
  const [next] = exercises
    .filter(({ passedAt }) => passedAt === null)
    .flatMap(({ id, tasks }) => tasks.map((task) => ({ id, ...task })))
    .filter(({ words, due }) => words?.startsWith('due ') === true && due !== null)
    .toSorted((a, b) => (a.due ?? 0) - (b.due ?? 0));
  if (next === undefined) return null;
  return html`<p class="due">
    Next: <a href="/exercise/${next.id}">${next.id}</a> is ${next.words} (${next.title})
  </p>`;
}

function phases({ exercises }: Overview): [phase: number | null, entries: MapEntry[]][] {
  const numbers = [...new Set(exercises.map(({ phase }) => phase))];
  return numbers
    .toSorted((a, b) => (a ?? Infinity) - (b ?? Infinity))
    .map((phase) => [phase, exercises.filter((entry) => entry.phase === phase)]);
}

function phaseSection(phase: number | null, entries: readonly MapEntry[], overview: Overview): Html {
  const here = entries.filter(({ state }) => state !== 'planned');
  const planned = entries.filter(({ state }) => state === 'planned');
  const name = phase === null ? 'Other' : `Phase ${phase}`;
  const about = phase === null ? null : PHASES[phase];
  return html`<section class="phase" aria-label="${name}">
    <h2>${name}${about === undefined || about === null ? null : html` <small>${about}</small>`}</h2>
    ${
      here.length === 0
        ? null
        : html`<ol class="exercises">
            ${here.map((entry) => row(entry, overview.current))}
          </ol>`
    }
    ${
      planned.length === 0
        ? null
        : html`<details class="planned">
            <summary>${planned.length} more ${planned.length === 1 ? 'is' : 'are'} to come</summary>
            <ul>
              ${planned.map(({ id, title }) => html`<li><span class="id">${id}</span> ${title}</li>`)}
            </ul>
          </details>`
    }
  </section>`;
}

function row(entry: MapEntry, current: string | null): Html {
  const { id, title, minutes, difficulty, requires, state } = entry;
  const isCurrent = id === current;
  const after = requires ?? [];
  return html`<li
    class="stop ${state}${isCurrent ? ' current' : ''}"
    ${isCurrent ? html` aria-current="step"` : null}
  >
    <span class="mark" aria-hidden="true">${MARKS[state]}</span>
    <div class="what">
      ${state === 'broken' ? html`<strong>${id}</strong>` : html`<a href="/exercise/${id}">${id}</a>`}
      <span class="title">${title}</span>
      <p class="why">
        ${stateText(entry)}${after.length > 0 && state !== 'locked' ? html`<span class="after"> · builds on ${after.join(', ')}</span>` : null}
      </p>
      ${dueText(entry)}
    </div>
    <p class="meta">
      ${minutes === null ? null : html`<span>${duration(minutes)}</span>`}${
        difficulty === null
          ? null
          : html`<span class="difficulty"
              ><span aria-hidden="true"
                >${'●'.repeat(difficulty)}${'○'.repeat(Math.max(0, 5 - difficulty))}</span
              ><span class="unseen">difficulty ${difficulty} of 5</span></span
            >`
      }
    </p>
  </li>`;
}

/** When it is due, or opens: the most urgent of what assignments ask. */
function dueText({ tasks }: MapEntry): Html | null {
  const task = tasks.find(({ words }) => words !== null);
  if (task === undefined) return null;
  return html`<p class="due">${task.words} (${task.title}${task.asks === 'all' ? ', all rules' : ''})</p>`;
}

/** The state in words; no meaning hangs on a sign or a colour. */
function stateText({ state, missing, core, problem, passedAt, masteredAt }: MapEntry): string {
  if (problem !== null) return `Broken: ${problem.file}. ${problem.message}`;
  switch (state) {
    case 'locked':
      return `Locked until you pass ${missing.join(' and ')}`;
    case 'failing':
      return 'Passed before, and fails now';
    case 'mastered':
      return `Mastered ${day(masteredAt)}`;
    case 'passed':
      return `Passed ${day(passedAt)}`;
    case 'skipped':
      return 'Skipped';
    case 'broken':
      return 'Broken';
    case 'planned':
      return 'To come';
    case 'open':
      return core === null ? 'Open' : `Open · ${core.passed} of ${core.total} core rules pass`;
  }
}

/** The day as the learner's calendar has it, the same in every language: 2026-03-01. */
export function day(at: number | null): string {
  if (at === null) return '';
  const date = new Date(at);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

const MARKS: Readonly<Record<MapEntry['state'], string>> = {
  planned: '·',
  failing: '✗',
  mastered: '★',
  passed: '✓',
  skipped: '»',
  broken: '!',
  locked: '·',
  open: '○',
};

const PHASES: Readonly<Record<number, string>> = {
  1: 'Foundations',
  2: 'Core skills',
  3: 'Speed and scale',
  4: 'Operations',
  5: 'Portfolio projects',
};
