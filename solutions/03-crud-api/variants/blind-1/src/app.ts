import type { Database } from 'better-sqlite3';
import express, { type Express } from 'express';
import { errorHandler, HttpError } from './errors.ts';
import { bookRoutes } from './routes.ts';
import { createStore } from './store.ts';

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
  app.disable('x-powered-by');
  app.use(bookRoutes(createStore(db)));
  app.use(() => {
    throw new HttpError(404);
  });
  app.use(errorHandler);
  return app;
}
