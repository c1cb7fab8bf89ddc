import type { Database } from 'better-sqlite3';
import express, { type Express, type RequestHandler } from 'express';
import { readFields, type BookFields } from './book.ts';
import { openBooks } from './books.ts';
import { Problem, sendProblem } from './problem.ts';

export type Dependencies = { db: Database };

type Row = { tags: string; created_at: string; [column: string]: unknown };

export function createApp({ db }: Dependencies): Express {
  openBooks(db); // makes the table
  const app = express();

  app.get('/books', (request, response) => {
    const { limit = '20', offset = '0' } = request.query;
    if (typeof limit !== 'string' || !/^\d{1,9}$/.test(limit)) throw new Problem(400, 'limit is no number');
    if (typeof offset !== 'string' || !/^\d{1,9}$/.test(offset)) throw new Problem(400, 'offset is no number');
    const rows = db
      .prepare<[number, number], Row>('SELECT * FROM books ORDER BY id LIMIT ? OFFSET ?')
      .all(Math.min(Number(limit), 100), Number(offset));
    const items = rows.map(({ tags, created_at, ...rest }) => ({
      ...rest,
      tags: JSON.parse(tags) as string[],
      createdAt: created_at,
    }));
    response.json({ items, total: db.prepare('SELECT count(*) FROM books').pluck().get() });
  });

  app.post('/books', json('application/json'), (request, response) => {
    const reading = readFields(request.body);
    if (!reading.ok) throw new Problem(422, 'This is no book.', { errors: reading.faults });
    const createdAt = new Date().toISOString();
    try {
      const { lastInsertRowid } = db
        .prepare(
          `INSERT INTO books (title, author, isbn, year, tags, created_at)
           VALUES (@title, @author, @isbn, @year, @tags, @createdAt)`,
        )
        .run({ ...reading.fields, tags: JSON.stringify(reading.fields.tags), createdAt });
      const book = { id: Number(lastInsertRowid), ...reading.fields, createdAt };
      response.status(201).location(`/books/${book.id}`).json(book);
    } catch (error) {
      if (String(error).includes('UNIQUE')) throw new Problem(409, 'Another book has this isbn.');
      throw error;
    }
  });

  app.all('/books', (request, response) => {
    response.set('Allow', 'GET, HEAD, POST');
    throw new Problem(405, `${request.method} does not work here.`);
  });

  app.get('/books/:id', (request, response) => {
    if (!/^\d{1,15}$/.test(request.params.id)) throw new Problem(404, 'No book has this id.');
    const row = db
      .prepare<[number], Row>('SELECT * FROM books WHERE id = ?')
      .get(Number(request.params.id));
    if (row === undefined) throw new Problem(404, 'No book has this id.');
    const { tags, created_at, ...rest } = row;
    response.json({ ...rest, tags: JSON.parse(tags) as string[], createdAt: created_at });
  });

  app.put('/books/:id', json('application/json'), (request, response) => {
    if (!/^\d{1,15}$/.test(request.params.id)) throw new Problem(404, 'No book has this id.');
    const id = Number(request.params.id);
    const reading = readFields(request.body);
    if (!reading.ok) throw new Problem(422, 'This is no book.', { errors: reading.faults });
    const row = db.prepare<[number], Row>('SELECT * FROM books WHERE id = ?').get(id);
    if (row === undefined) throw new Problem(404, 'No book has this id.');
    try {
      db.prepare(
        'UPDATE books SET title = @title, author = @author, isbn = @isbn, year = @year, tags = @tags WHERE id = @id',
      ).run({ ...reading.fields, tags: JSON.stringify(reading.fields.tags), id });
    } catch (error) {
      if (String(error).includes('UNIQUE')) throw new Problem(409, 'Another book has this isbn.');
      throw error;
    }
    response.json({ id, ...reading.fields, createdAt: row.created_at });
  });

  app.patch('/books/:id', json('application/merge-patch+json', 'application/json'), (request, response) => {
    if (!/^\d{1,15}$/.test(request.params.id)) throw new Problem(404, 'No book has this id.');
    const id = Number(request.params.id);
    const row = db.prepare<[number], Row>('SELECT * FROM books WHERE id = ?').get(id);
    if (row === undefined) throw new Problem(404, 'No book has this id.');
    const patch = request.body as Partial<BookFields>;
    const fields: Record<string, unknown> = {};
    for (const name of ['title', 'author', 'isbn', 'year', 'tags'] as const) {
      const before = name === 'tags' ? (JSON.parse(row.tags) as string[]) : row[name];
      fields[name] = patch[name] === undefined ? before : patch[name];
    }
    fields['tags'] ??= [];
    db.prepare(
      'UPDATE books SET title = @title, author = @author, isbn = @isbn, year = @year, tags = @tags WHERE id = @id',
    ).run({ ...fields, tags: JSON.stringify(fields['tags']), id });
    response.json({ id, ...fields, createdAt: row.created_at });
  });

  app.delete('/books/:id', (request, response) => {
    if (!/^\d{1,15}$/.test(request.params.id)) throw new Problem(404, 'No book has this id.');
    const { changes } = db.prepare('DELETE FROM books WHERE id = ?').run(Number(request.params.id));
    if (changes === 0) throw new Problem(404, 'No book has this id.');
    response.status(204).end();
  });

  app.all('/books/:id', (request, response) => {
    response.set('Allow', 'GET, HEAD, PUT, PATCH, DELETE');
    throw new Problem(405, `${request.method} does not work here.`);
  });

  app.use(() => {
    throw new Problem(404, 'There is nothing at this address.');
  });
  app.use(sendProblem);
  return app;
}

function json(...types: string[]): RequestHandler {
  const parse = express.json({ type: types });
  return (request, response, next) => {
    if (request.is(types) === false) throw new Problem(415, `Send ${types.join(' or ')}.`);
    parse(request, response, next);
  };
}
