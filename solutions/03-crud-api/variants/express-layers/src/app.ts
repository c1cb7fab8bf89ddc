import type { Database } from 'better-sqlite3';
import express, { type Express } from 'express';
import { BookController } from './book-controller.ts';
import { BookRepository } from './book-repository.ts';
import { BookService } from './book-service.ts';
import { ApiError, errorHandler } from './errors.ts';

export function createApp({ db }: { db: Database }): Express {
  const app = express();
  app.use('/books', new BookController(new BookService(new BookRepository(db))).router());
  app.use((request, _response, next) => next(new ApiError(404, `No route for ${request.method}`)));
  app.use(errorHandler);
  return app;
}
