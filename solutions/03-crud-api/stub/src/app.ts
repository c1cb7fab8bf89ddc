import type { Database } from 'better-sqlite3';
import express, { type Express } from 'express';

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

/** Builds the app and does not start it: whoever calls this decides where it listens. */
export function createApp({ db }: Dependencies): Express {
  const app = express();

  // An example. `db` works like this as well; it is here to stay, so make your tables with IF NOT EXISTS.
  app.get('/', (request, response) => {
    const row = db.prepare<[], { version: string }>('SELECT sqlite_version() AS version').get();
    response.json({ message: 'It works. Your turn.', sqlite: row?.version });
  });

  // TODO R1: POST /books stores a book: 201, Location, the stored book as JSON.
  // TODO R2: GET /books/ID sends that book, or 404.
  // TODO R3: GET /books sends a page: { items, total }, 20 books, never more than 100.
  // TODO R4: refuse what is no book: 400, 415, 400 or 422. Nothing of it is stored.
  // TODO R5: quotes, SQL and emoji come back as they were sent.
  // TODO R6: PUT /books/ID replaces the whole book.
  // TODO R7: PATCH /books/ID changes what is named, and nothing else.
  // TODO R8: DELETE /books/ID removes the book.
  // TODO R9: id, createdAt and deleted are not for clients to set.
  // The core ends here. R10 to R15 make this API robust: see README.md.
  return app;
}
