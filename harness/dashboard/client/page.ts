/**
 * What changes while a page is open. Every page works without this: links are links, and forms are sent. With it, forms
 * are sent without leaving the page, and results arrive by themselves.
 */
import { takeImport } from './import.ts';
import { listen } from './listen.ts';
import { takeLook } from './look.ts';
import { swap } from './swap.ts';

const token = document.querySelector<HTMLMetaElement>('meta[name="workbook-token"]')?.content ?? '';
const topic = document.querySelector<HTMLMetaElement>('meta[name="workbook-topic"]')?.content ?? null;
const line = document.querySelector<HTMLElement>('#line');

/** One sentence at the top of the page; it is read out as well. */
function say(text: string): void {
  if (line !== null && line.textContent !== text) line.textContent = text;
}

/** Buttons that need this script. */
function showButtons(): void {
  for (const button of document.querySelectorAll<HTMLElement>('[data-copy]')) button.hidden = false;
}

type Answer = { ok: boolean; message: string; to: string };

/** Sends a form of one button, and says what came of it. Where it leads to another page, that page follows. */
async function send(form: HTMLFormElement): Promise<void> {
  const body = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (typeof value === 'string') body.append(name, value);
  try {
    const response = await fetch(form.action, {
      method: 'POST',
      headers: { Accept: 'application/json', 'X-Workbook-Token': token },
      body,
    });
    // The page of an earlier start: the new one is where this one was.
    if (response.status === 403) return location.reload();
    const answer = (await response.json()) as Answer;
    say(answer.message);
    if (answer.ok && new URL(answer.to, location.href).pathname !== location.pathname)
      location.assign(answer.to);
    else if (answer.ok && topic === null) location.reload();
  } catch {
    say('The workbook does not answer. Is npm start still running?');
  }
}

document.addEventListener('submit', (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || !form.classList.contains('action')) return;
  if (form.hasAttribute('data-page')) return;
  event.preventDefault();
  void send(form);
});

document.addEventListener('click', (event) => {
  const button = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-copy]') : null;
  const text = button === null ? null : document.getElementById(button.dataset['copy'] ?? '')?.textContent;
  if (button === null || text === null || text === undefined) return;
  navigator.clipboard.writeText(text).then(
    () => say('Copied.'),
    () => say('The browser did not let this be copied. Select the line, and copy it.'),
  );
});

showButtons();
takeImport(token, say);
takeLook(token, say);
if (topic !== null) {
  listen(`/events?topic=${encodeURIComponent(topic)}&token=${encodeURIComponent(token)}`, {
    panel: ({ html, spoken }: { html: string; spoken: string }) => {
      swap('panel', html);
      showButtons();
      say(spoken);
    },
    map: ({ html }: { html: string }) => swap('map', html),
  });
}
