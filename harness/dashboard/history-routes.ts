import express from 'express';
import type { Express, Request } from 'express';
import type { History, HistoryQuery, ProgressDocument } from '../progress/progress.ts';
import type { Outcome } from './desk.ts';
import type { Site } from './frame.ts';
import { DAYS, historyPage } from './history-page.ts';
import { send, textOf } from './reply.ts';

/** What the history needs of the workbook. */
export type HistoryDesk = {
  history(query: HistoryQuery): History | null;
  exportProgress(): ProgressDocument | null;
  importProgress(document: unknown): Outcome;
  /** What there is to say about the progress file. */
  notes(): readonly string[];
  now(): number;
};

const PER_PAGE = 50;
const DAY_MS = 86_400_000;

/** Where an export of another machine goes. */
export const IMPORT = '/history/import';

/** `said`: what came of the change before, for the page that follows it. */
export function historyPages(
  app: Express,
  site: Site,
  desk: HistoryDesk,
  said: (request: Request) => string | null,
): void {
  app.get('/history', (request, response) => {
    const typed = textOf(request.query['before']);
    const before = /^\d{1,15}$/.test(typed) ? Number(typed) : null;
    const now = desk.now();
    const history = desk.history({ before, limit: PER_PAGE, since: now - (DAYS + 1) * DAY_MS });
    const message = said(request);
    const notes = [...(message === null ? [] : [message]), ...desk.notes()];
    send(response, historyPage({ site, history, before, now, notes }));
  });
  app.get('/history/progress.json', (_request, response) => {
    const document = desk.exportProgress();
    if (document === null) {
      response.status(503).type('text').send('Your progress cannot be read now.\n');
      return;
    }
    response.set('Content-Disposition', 'attachment; filename="workbook-progress.json"').json(document);
  });
}

/** `onImport`: progress is another now. `keep`: a message for the page that follows; what it gives stands in the address. */
export type ImportEnds = { onImport: () => void; keep: (message: string) => string };

/** The script sends the file as it is; a page without it sends what was pasted into a field. */
export function historyChanges(app: Express, desk: HistoryDesk, { onImport, keep }: ImportEnds): void {
  app.post(IMPORT, express.json({ limit: '64mb' }), (request, response) => {
    const isForm = request.is('application/x-www-form-urlencoded') !== false;
    const outcome = isForm ? importText(request, desk) : desk.importProgress(request.body);
    if (outcome.ok) onImport();
    if (isForm) response.redirect(303, `/history?said=${keep(outcome.message)}`);
    else response.json({ ...outcome, to: '/history' });
  });
}

function importText(request: Request, desk: HistoryDesk): Outcome {
  const body = (request.body ?? {}) as Record<string, unknown>;
  try {
    return desk.importProgress(JSON.parse(textOf(body['document'])));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return { ok: false, message: NO_EXPORT };
  }
}

const NO_EXPORT =
  'This is not the whole text of a file that a workbook exported, so nothing was changed. Copy all of it, from the first { to the last }.';
