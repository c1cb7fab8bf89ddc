import express from 'express';
import type { Express } from 'express';
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

export function historyPages(app: Express, site: Site, desk: HistoryDesk): void {
  app.get('/history', (request, response) => {
    const typed = textOf(request.query['before']);
    const before = /^\d{1,15}$/.test(typed) ? Number(typed) : null;
    const now = desk.now();
    const history = desk.history({ before, limit: PER_PAGE, since: now - (DAYS + 1) * DAY_MS });
    send(response, historyPage({ site, history, before, now, notes: desk.notes() }));
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

/** `onImport`: progress is another now. */
export function historyChanges(app: Express, desk: HistoryDesk, onImport: () => void): void {
  app.post('/history/import', express.json({ limit: '64mb' }), (request, response) => {
    const outcome = desk.importProgress(request.body);
    if (outcome.ok) onImport();
    response.json({ ...outcome, to: '/history' });
  });
}
