import { Router, json } from 'express';
import type { Notebook } from '../notebook.ts';
import { textField } from './fields.ts';
import { accountOf } from './require-user.ts';

/** Stands behind the guard. */
export function noteRoutes(notebook: Notebook): Router {
  const router = Router();

  router.post('/', json(), (request, response) => {
    response.status(201).json(notebook.add(accountOf(response).id, textField(request, 'text')));
  });

  router.get('/', (_request, response) => {
    response.json({ items: notebook.of(accountOf(response).id) });
  });

  return router;
}
