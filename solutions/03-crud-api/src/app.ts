import type { Database } from 'better-sqlite3';
import express, { type Express, type Request, type RequestHandler } from 'express';
import { mergePatch, readFields, type Book, type BookFields } from './book.ts';
import { openBooks, type Written } from './books.ts';
import { Problem, sendProblem } from './problem.ts';

/** What the app is given from outside. */
export type Dependencies = {
  /** An open database on a file. Empty the first time; later it holds what an earlier app stored. */
  db: Database;
};

const DEFAULT_LIMIT = 20;
const MAX_LIMIT = 100;

/** Builds the app and does not start it. Apps share nothing but the file behind `db`. */
export function createApp({ db }: Dependencies): Express {
  const books = openBooks(db);
  const app = express();
  app.disable('x-powered-by');

  app
    .route('/books')
    .get((request, response) => {
      const limit = Math.min(wholeNumber(request, 'limit', DEFAULT_LIMIT), MAX_LIMIT);
      response.json(books.page(limit, wholeNumber(request, 'offset', 0)));
    })
    .post(jsonBody('application/json'), (request, response) => {
      const book = stored(books.add(fieldsOf(request.body)));
      response.status(201).location(`/books/${book.id}`).json(book);
    })
    .all(onlyAllow('GET', 'HEAD', 'POST'));

  app
    .route('/books/:id')
    .get((request, response) => {
      const book = books.find(idOf(request));
      if (book === null) throw noSuchBook();
      response.json(book);
    })
    .put(jsonBody('application/json'), (request, response) => {
      const fields = fieldsOf(request.body);
      response.json(stored(books.change(idOf(request), () => fields)));
    })
    .patch(jsonBody('application/merge-patch+json', 'application/json'), (request, response) => {
      const patch: unknown = request.body;
      // What comes out of a patch has to be a book, so it is read by the same rules as a PUT.
      const edit = (book: Book): BookFields => fieldsOf(mergePatch(book, patch));
      response.json(stored(books.change(idOf(request), edit)));
    })
    .delete((request, response) => {
      if (!books.remove(idOf(request))) throw noSuchBook();
      response.status(204).end();
    })
    .all(onlyAllow('GET', 'HEAD', 'PUT', 'PATCH', 'DELETE'));

  app.use(() => {
    throw new Problem(404, 'There is nothing at this address.');
  });
  app.use(sendProblem);
  return app;
}

/**
 * Reads a JSON body of one of these media types. Without the check Express would leave the body of another
 * type unread and `request.body` undefined, and the mistake of the client would end as an error of ours.
 */
function jsonBody(...types: string[]): RequestHandler {
  const parse = express.json({ type: types });
  return (request, response, next) => {
    if (request.is(types) === false) throw new Problem(415, `Send ${types.join(' or ')}.`);
    parse(request, response, next);
  };
}

/** The last handler of a route: whoever gets here used a method that the route does not know. */
function onlyAllow(...methods: string[]): RequestHandler {
  return (request, response) => {
    response.set('Allow', methods.join(', '));
    if (request.method !== 'OPTIONS') throw new Problem(405, `${request.method} does not work here.`);
    response.status(204).end();
  };
}

function fieldsOf(body: unknown): BookFields {
  const reading = readFields(body);
  if (!reading.ok) throw new Problem(422, 'This is no book.', { errors: reading.faults });
  return reading.fields;
}

function stored(written: Written): Book {
  switch (written.kind) {
    case 'stored':
      return written.book;
    case 'missing':
      throw noSuchBook();
    case 'duplicate':
      throw new Problem(409, 'Another book has this isbn.');
  }
}

/** Ids are compared whole: `parseInt` would find book 7 under /books/7abc. */
function idOf(request: Request<{ id: string }>): number {
  if (!/^[1-9]\d{0,14}$/.test(request.params.id)) throw noSuchBook();
  return Number(request.params.id);
}

function noSuchBook(): Problem {
  return new Problem(404, 'No book has this id.');
}

/** A parameter of the query. Digits alone: SQLite takes LIMIT -1 for "no limit at all". */
function wholeNumber(request: Request, name: string, otherwise: number): number {
  const value = request.query[name];
  if (value === undefined) return otherwise;
  if (typeof value !== 'string' || !/^\d{1,9}$/.test(value)) {
    throw new Problem(400, `${name} has to be a whole number, 0 or more.`);
  }
  return Number(value);
}
