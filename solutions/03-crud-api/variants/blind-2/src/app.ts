import { STATUS_CODES } from 'node:http';
import type { Database } from 'better-sqlite3';
import express, { type ErrorRequestHandler, type Express, type Request, type RequestHandler, type Response } from 'express';

/** What the app is given from outside. */
export type Dependencies = {
  /** An open database on a file. Empty the first time; later it holds what an earlier app stored. */
  db: Database;
};

/** A book as clients send it. */
export type BookInput = {
  title: string;
  author: string;
  isbn: string;
  /** Left out when nobody knows it. */
  year?: number;
  /** Left out means []. */
  tags?: string[];
};

/** A book as clients receive it. */
export type Book = {
  /** Yours to choose: a whole number or a string. */
  id: number | string;
  title: string;
  author: string;
  isbn: string;
  /** Absent or null when nobody knows it. */
  year?: number | null;
  tags: string[];
  /** When the book was created, such as `2026-01-31T09:30:00.000Z`. */
  createdAt: string;
};

/** A book as it lies in the table: tags are JSON text. */
type Row = {
  id: number;
  title: string;
  author: string;
  isbn: string;
  year: number | null;
  tags: string;
  createdAt: string;
};

/** A book that was checked and can be stored. */
type Fields = { title: string; author: string; isbn: string; year: number | null; tags: string[] };

function rowToBook(row: Row): Book {
  return {
    id: row.id,
    title: row.title,
    author: row.author,
    isbn: row.isbn,
    year: row.year,
    tags: JSON.parse(row.tags) as string[],
    createdAt: row.createdAt,
  };
}

function sendProblem(response: Response, status: number, detail?: string) {
  response.status(status).type('application/problem+json').json({ title: STATUS_CODES[status] ?? 'Error', status, detail });
}

function isText(value: unknown, max: number): value is string {
  return typeof value === 'string' && value.length >= 1 && value.length <= max;
}

/** Picks the fields of a book, by name. Gives a text that says what is wrong when it is no book. */
function checkBook(body: Record<string, unknown>): Fields | string {
  const { title, author, isbn } = body;
  const year = body.year ?? null;
  const tags = body.tags ?? [];
  if (!isText(title, 200)) return 'title must be a string of 1 to 200 characters';
  if (!isText(author, 200)) return 'author must be a string of 1 to 200 characters';
  if (!isText(isbn, 20)) return 'isbn must be a string of 1 to 20 characters';
  if (year !== null && (typeof year !== 'number' || !Number.isInteger(year) || year < -3000 || year > 3000)) {
    return 'year must be a whole number from -3000 to 3000';
  }
  if (!Array.isArray(tags) || !tags.every((tag) => typeof tag === 'string')) return 'tags must be a list of strings';
  return { title, author, isbn, year, tags };
}

/** Middleware: reads the body as a JSON object, or refuses the request. */
function jsonObject(...mediaTypes: string[]): RequestHandler[] {
  return [
    (request, response, next) => {
      const mediaType = (request.headers['content-type'] ?? '').split(';')[0]!.trim().toLowerCase();
      if (!mediaTypes.includes(mediaType)) {
        sendProblem(response, 415, 'Send ' + mediaTypes.join(' or '));
      } else {
        next();
      }
    },
    // Not express.json(): that one makes {} out of an empty body.
    express.text({ type: () => true, limit: '1mb' }),
    (request, response, next) => {
      let body: unknown;
      try {
        body = JSON.parse(request.body ?? '');
      } catch {
        sendProblem(response, 400, 'The body is not JSON');
        return;
      }
      if (typeof body !== 'object' || body === null || Array.isArray(body)) {
        sendProblem(response, 422, 'The body must be a JSON object');
        return;
      }
      request.body = body;
      next();
    },
  ];
}

/** A whole number from the query, or undefined when it is none. */
function numberFromQuery(value: unknown, fallback: number, max: number) {
  if (value === undefined) return fallback;
  if (typeof value !== 'string' || !/^[0-9]+$/.test(value)) return undefined;
  return Math.min(Number(value), max);
}

function isDuplicate(error: unknown) {
  return error instanceof Error && (error as Error & { code?: string }).code === 'SQLITE_CONSTRAINT_UNIQUE';
}

/** Builds the app and does not start it: whoever calls this decides where it listens. */
export function createApp({ db }: Dependencies): Express {
  db.exec(`
    CREATE TABLE IF NOT EXISTS books (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      title TEXT NOT NULL,
      author TEXT NOT NULL,
      isbn TEXT NOT NULL UNIQUE,
      year INTEGER,
      tags TEXT NOT NULL,
      createdAt TEXT NOT NULL
    )
  `);

  const app = express();

  // An example. `db` works like this as well; it is here to stay, so make your tables with IF NOT EXISTS.
  app.get('/', (request, response) => {
    const row = db.prepare<[], { version: string }>('SELECT sqlite_version() AS version').get();
    response.json({ message: 'It works. Your turn.', sqlite: row?.version });
  });

  function findBook(id: unknown): Row | undefined {
    if (typeof id !== 'string' || !/^[1-9][0-9]{0,14}$/.test(id)) return undefined;
    return db.prepare<[number], Row>('SELECT * FROM books WHERE id = ?').get(Number(id));
  }

  function updateBook(id: number, book: Fields) {
    db.prepare('UPDATE books SET title = ?, author = ?, isbn = ?, year = ?, tags = ? WHERE id = ?').run(
      book.title,
      book.author,
      book.isbn,
      book.year,
      JSON.stringify(book.tags),
      id,
    );
  }

  // PUT and PATCH: read, make the new book, write. One transaction, so that no other process gets between.
  function change(request: Request, response: Response, makeBody: (row: Row) => Record<string, unknown>) {
    const work = db.transaction((): Row | string | undefined => {
      const row = findBook(request.params.id);
      if (row === undefined) return undefined;
      const book = checkBook(makeBody(row));
      if (typeof book === 'string') return book;
      updateBook(row.id, book);
      return findBook(String(row.id));
    });
    let result: Row | string | undefined;
    try {
      result = work.immediate();
    } catch (error) {
      if (!isDuplicate(error)) throw error;
      sendProblem(response, 409, 'Another book has this isbn');
      return;
    }
    if (result === undefined) {
      sendProblem(response, 404, 'There is no such book');
    } else if (typeof result === 'string') {
      sendProblem(response, 422, result);
    } else {
      response.json(rowToBook(result));
    }
  }

  app
    .route('/books')
    .get((request, response) => {
      const limit = numberFromQuery(request.query.limit, 20, 100);
      const offset = numberFromQuery(request.query.offset, 0, Number.MAX_SAFE_INTEGER);
      if (limit === undefined || offset === undefined) {
        sendProblem(response, 400, 'limit and offset must be whole numbers from 0 on');
        return;
      }
      const rows = db.prepare<[number, number], Row>('SELECT * FROM books ORDER BY id LIMIT ? OFFSET ?').all(limit, offset);
      const count = db.prepare<[], { total: number }>('SELECT count(*) AS total FROM books').get();
      response.json({ items: rows.map(rowToBook), total: count!.total });
    })
    .post(jsonObject('application/json'), (request: Request, response: Response) => {
      const book = checkBook(request.body);
      if (typeof book === 'string') {
        sendProblem(response, 422, book);
        return;
      }
      let row: Row;
      try {
        row = db
          .prepare<unknown[], Row>(
            'INSERT INTO books (title, author, isbn, year, tags, createdAt) VALUES (?, ?, ?, ?, ?, ?) RETURNING *',
          )
          .get(book.title, book.author, book.isbn, book.year, JSON.stringify(book.tags), new Date().toISOString())!;
      } catch (error) {
        if (!isDuplicate(error)) throw error;
        sendProblem(response, 409, 'Another book has this isbn');
        return;
      }
      response.status(201).location('/books/' + row.id).json(rowToBook(row));
    })
    .all((request, response) => {
      response.set('Allow', 'GET, HEAD, POST');
      sendProblem(response, 405);
    });

  app
    .route('/books/:id')
    .get((request, response) => {
      const row = findBook(request.params.id);
      if (row === undefined) {
        sendProblem(response, 404, 'There is no such book');
      } else {
        response.json(rowToBook(row));
      }
    })
    .put(jsonObject('application/json'), (request: Request, response: Response) => {
      change(request, response, () => request.body);
    })
    .patch(jsonObject('application/merge-patch+json', 'application/json'), (request: Request, response: Response) => {
      // checkBook picks the known fields by name, so an id in the patch goes nowhere.
      change(request, response, (row) => ({ ...rowToBook(row), ...request.body }));
    })
    .delete((request, response) => {
      const row = findBook(request.params.id);
      if (row === undefined) {
        sendProblem(response, 404, 'There is no such book');
      } else {
        db.prepare('DELETE FROM books WHERE id = ?').run(row.id);
        response.status(204).end();
      }
    })
    .all((request, response) => {
      response.set('Allow', 'GET, HEAD, PUT, PATCH, DELETE');
      sendProblem(response, 405);
    });

  app.use((request, response) => {
    sendProblem(response, 404);
  });

  const onError: ErrorRequestHandler = (error, request, response, next) => {
    if (response.headersSent) {
      next(error);
      return;
    }
    // Errors of Express itself (a bad path, a body that is too large) carry their status.
    if (typeof error?.status === 'number' && error.status >= 400 && error.status < 500) {
      sendProblem(response, error.status);
    } else {
      console.error(error);
      sendProblem(response, 500);
    }
  };
  app.use(onError);

  return app;
}
