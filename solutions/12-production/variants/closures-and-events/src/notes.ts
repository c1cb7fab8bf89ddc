import type { Database } from 'better-sqlite3';
import { json, type RequestHandler, Router } from 'express';
import type { Bus } from './bus.ts';

export type Note = { id: number; text: string };
export type Mail = (note: Note) => Promise<unknown>;

export function notesRouter({ db, mail, bus }: { db: Database; mail: Mail; bus: Bus }): Router {
  db.pragma('journal_mode = WAL');
  db.exec('CREATE TABLE IF NOT EXISTS notes (id INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT');

  const create: RequestHandler = async (request, response) => {
    const { text } = { ...(request.body as object | undefined) } as { text?: unknown };
    if (typeof text !== 'string' || text.length === 0 || text.length > 1000) {
      response.status(400).json({ error: 'text' });
      return;
    }
    const note = db
      .prepare<[string], Note>('INSERT INTO notes (text) VALUES (?) RETURNING id, text')
      .get(text);
    if (note === undefined) throw new Error('no note came back');
    await mail(note).catch((error: unknown) => {
      throw new Error('the mail was not sent', { cause: error });
    });
    bus.emit('noted', note.id);
    response.status(201).json(note);
  };

  return Router()
    .post('/notes', json(), create)
    .get('/notes/:id', (request, response, next) => {
      const note = db.prepare('SELECT id, text FROM notes WHERE id = ?').get(request.params['id']);
      if (note === undefined) next();
      else response.json(note);
    });
}
