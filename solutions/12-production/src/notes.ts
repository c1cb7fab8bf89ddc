import type { Database } from 'better-sqlite3';
import express, { type Router } from 'express';
import type { Log } from './log.ts';

export type Note = { id: number; text: string };

/** Tells somebody of a new note. It may take long, or fail. */
export type Mail = (note: Note) => Promise<void>;

export function createNotes({ db, mail, log }: { db: Database; mail: Mail; log: Log }): Router {
  db.pragma('journal_mode = WAL');
  db.exec('CREATE TABLE IF NOT EXISTS notes (id INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT');
  const insert = db.prepare('INSERT INTO notes (text) VALUES (?)');
  const one = db.prepare<[string], Note>('SELECT id, text FROM notes WHERE id = ?');

  const router = express.Router();

  router.post('/notes', express.json(), async (request, response) => {
    const body = request.body as { text?: unknown } | null | undefined;
    const text = body?.text;
    if (typeof text !== 'string' || text.length < 1 || text.length > 1_000) {
      response.status(400).json({ error: 'text must be a string of 1 to 1,000 characters' });
      return;
    }
    const { lastInsertRowid } = insert.run(text);
    const note = { id: Number(lastInsertRowid), text };
    await mail(note);
    log.info('note added', { noteId: note.id });
    response.status(201).json(note);
  });

  router.get('/notes/:id', (request, response) => {
    const note = one.get(request.params.id);
    if (note === undefined) response.status(404).json({ error: 'no such note' });
    else response.json(note);
  });

  return router;
}
