import { AsyncResource } from 'node:async_hooks';
import type { Database } from 'better-sqlite3';
import express, { type RequestHandler, type Router } from 'express';
import type { Log } from './log.ts';

export type Note = { id: number; text: string };

/** Tells somebody of a new note. It may take long, or fail. */
export type Mail = (note: Note) => Promise<void>;

/** Reads a JSON body. What cannot be read is the client's mistake: 400, and nobody hears what it was. */
function jsonBody(): RequestHandler {
  const parse = express.json();
  return (request, response, next) => {
    // The body comes in events of the connection. Bound, what follows belongs to the request again.
    const go = AsyncResource.bind((error?: unknown) => {
      if (error === undefined || error === null) next();
      else if (!response.headersSent) response.status(400).json({ error: 'the body cannot be read' });
    });
    void parse(request, response, go);
  };
}

export function createNotes({ db, mail, log }: { db: Database; mail: Mail; log: Log }): Router {
  db.pragma('journal_mode = WAL');
  db.exec('CREATE TABLE IF NOT EXISTS notes (id INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT');
  const insert = db.prepare('INSERT INTO notes (text) VALUES (?)');
  const one = db.prepare<[string], Note>('SELECT id, text FROM notes WHERE id = ?');

  const router = express.Router();

  router.post('/notes', jsonBody(), async (request, response) => {
    const body = request.body as { text?: unknown } | null | undefined;
    const text = body?.text;
    if (typeof text !== 'string' || text.length < 1 || text.length > 1_000) {
      response.status(400).json({ error: 'text must be a string of 1 to 1,000 characters' });
      return;
    }
    const { lastInsertRowid } = insert.run(text);
    const note = { id: Number(lastInsertRowid), text };
    await mail(note);
    log.info('note stored', { noteId: note.id });
    response.status(201).json(note);
  });

  router.get('/notes/:id', (request, response) => {
    const note = one.get(request.params.id);
    if (note === undefined) response.status(404).json({ error: 'no such note' });
    else response.json(note);
  });

  return router;
}
