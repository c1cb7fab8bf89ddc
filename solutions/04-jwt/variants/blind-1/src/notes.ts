import { randomUUID } from 'node:crypto';
import type { Database } from 'better-sqlite3';
import express from 'express';
import type { RequestHandler, Router } from 'express';
import { currentUser } from './auth.ts';
import { stringField } from './body.ts';

export function noteRoutes({ db, auth }: { db: Database; auth: RequestHandler }): Router {
  const router = express.Router();
  const insert = db.prepare('INSERT INTO notes (id, user_id, text) VALUES (?, ?, ?)');
  const listOf = db.prepare<[string], { id: string; text: string }>(
    'SELECT id, text FROM notes WHERE user_id = ? ORDER BY seq',
  );

  router.use(auth);

  router.get('/', (_request, response) => {
    response.json({ items: listOf.all(currentUser(response).id) });
  });

  router.post('/', express.json(), (request, response) => {
    const text = stringField(request, 'text');
    if (text === undefined) {
      response.status(400).json({ error: 'a text is needed' });
      return;
    }
    const id = randomUUID();
    insert.run(id, currentUser(response).id, text);
    response.status(201).json({ id, text });
  });

  return router;
}
