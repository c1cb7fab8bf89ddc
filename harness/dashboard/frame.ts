import { LOOKS } from './look.ts';
import type { Look } from './look.ts';
import { html } from './html.ts';
import type { Content, Html } from './html.ts';

/** What every page of one start has in common. */
export type Site = {
  /** Guards every change. */
  readonly token: string;
  /** The colours; the learner may choose others at any time. */
  look: Look;
};

export type Room = 'map' | 'exercise' | 'quiz' | 'history';

export type PageParts = {
  site: Site;
  title: string;
  room: Room;
  /** What the page listens to: the id of an exercise, or `map`; null: nothing. */
  topic: string | null;
  /** Sentences above the page, for example about the progress file. */
  notes?: readonly string[];
  main: Content;
};

/** A whole page. It works without its script; the script brings what changes while the page is open. */
export function frame({ site, title, room, topic, notes = [], main }: PageParts): Html {
  return html`<!doctype html>
    <html lang="en" data-look="${site.look}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="${site.look === 'system' ? 'light dark' : site.look}" />
        <title>${title} · Workbook</title>
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href="/assets/page.css" />
        <script type="module" src="/assets/page.js"></script>
        <meta name="workbook-token" content="${site.token}" />
        ${topic === null ? null : html`<meta name="workbook-topic" content="${topic}" />`}
      </head>
      <body>
        <a class="skip" href="#main">Skip to the content</a>
        <header class="top">
          <nav aria-label="Workbook">
            <a class="brand" href="/">Workbook</a>
            ${(
              [
                ['map', '/', 'Map'],
                ['quiz', '/quiz', 'Quiz'],
                ['history', '/history', 'History'],
              ] as const
            ).map(([name, href, label]) =>
              name === room
                ? html`<a href="${href}" aria-current="page">${label}</a>`
                : html`<a href="${href}">${label}</a>`,
            )}
          </nav>
          <p id="line" class="line" role="status"></p>
        </header>
        <main id="main" class="${room}" tabindex="-1">
          ${notes.map((note) => html`<p class="notice">${note}</p>`)} ${main}
        </main>
        <footer class="foot">${lookForm(site)}</footer>
      </body>
    </html> `;
}

/** The switch for the colours. */
function lookForm(site: Site): Html {
  return html`<form method="post" action="/look" class="look" aria-label="Colours">
    ${tokenField(site)}
    ${LOOKS.map(
      (look) =>
        html`<button
          class="quiet"
          name="look"
          value="${look}"
          aria-pressed="${look === site.look ? 'true' : 'false'}"
        >
          ${LOOK_NAMES[look]}
        </button>`,
    )}
  </form>`;
}

const LOOK_NAMES: Readonly<Record<Look, string>> = { system: 'As the system', light: 'Light', dark: 'Dark' };

/** A form with one button that changes something. `name`: what it does, for the script. */
export function action(
  site: Site,
  to: string,
  label: Content,
  { fields = {}, quiet = false, id }: { fields?: Record<string, string>; quiet?: boolean; id?: string } = {},
): Html {
  return html`<form method="post" action="${to}" class="action">${tokenField(site)}${Object.entries(
    fields,
  ).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`,
  )}<button${id === undefined ? null : html` id="${id}"`} class="${quiet ? 'quiet' : 'main'}">${label}</button></form>`;
}

export function tokenField({ token }: Site): Html {
  return html`<input type="hidden" name="token" value="${token}" />`;
}

/** A sentence with a way on, as a page: for what was not found, or cannot be done. */
export function messagePage(site: Site, title: string, message: string): Html {
  const lines = message.split('\n').filter((line) => line.trim() !== '');
  return frame({
    site,
    title,
    room: 'map',
    topic: null,
    main: html`<div class="narrow">
      <h1>${title}</h1>
      ${lines.map((line) => html`<p>${line}</p>`)}
      <p><a href="/">To the map</a></p>
    </div>`,
  });
}

/** `45 min` · `1 h 30 min` */
export function duration(minutes: number): string {
  if (minutes < 60) return `${minutes} min`;
  const rest = minutes % 60;
  return rest === 0 || minutes > 600
    ? `${Math.round(minutes / 60)} h`
    : `${Math.floor(minutes / 60)} h ${rest} min`;
}
