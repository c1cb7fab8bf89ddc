import { Router, type RequestHandler } from 'express';
import { jsonObject, readBody } from './body.ts';
import { HttpError } from './errors.ts';
import type { Store } from './store.ts';
import { parseBook, parseCount, parseId, patchBook } from './validation.ts';

const MAX_OFFSET = 2 ** 31 - 1;

const notAllowed =
  (allow: string): RequestHandler =>
  (_req, res) => {
    res.set('Allow', allow);
    throw new HttpError(405);
  };

export function bookRoutes(store: Store): Router {
  const router = Router();

  router
    .route('/books')
    .get(async (req, res) => {
      const limit = parseCount(req.query.limit, 'limit', 20, 100);
      const offset = parseCount(req.query.offset, 'offset', 0, MAX_OFFSET);
      res.json(store.list(limit, offset));
    })
    .post(readBody, async (req, res) => {
      const book = store.add(parseBook(jsonObject(req)));
      res.status(201).location(`/books/${book.id}`).json(book);
    })
    .all(notAllowed('GET, HEAD, POST'));

  router
    .route('/books/:id')
    .get(async (req, res) => {
      res.json(store.get(parseId(req.params.id)));
    })
    .put(readBody, async (req, res) => {
      const id = parseId(req.params.id);
      const fields = parseBook(jsonObject(req));
      res.json(store.change(id, () => fields));
    })
    .patch(readBody, async (req, res) => {
      const id = parseId(req.params.id);
      const patch = jsonObject(req);
      res.json(store.change(id, (book) => patchBook(book, patch)));
    })
    .delete(async (req, res) => {
      store.remove(parseId(req.params.id));
      res.status(204).end();
    })
    .all(notAllowed('GET, HEAD, PUT, PATCH, DELETE'));

  return router;
}
