import type { Database } from 'better-sqlite3';
import type { Book, BookFields } from './book.ts';

/** What became of a write. */
export type Written = { kind: 'stored'; book: Book } | { kind: 'missing' } | { kind: 'duplicate' };

export type Page = { items: Book[]; total: number };

/** The shelf: all SQL of this program is in this file. */
export type Books = {
  add(fields: BookFields): Written;
  find(id: number): Book | null;
  page(limit: number, offset: number): Page;
  /** Reads, edits and writes one book with nobody in between. When `edit` throws, nothing is written. */
  change(id: number, edit: (book: Book) => BookFields): Written;
  /** False when there was no such book. */
  remove(id: number): boolean;
};

type Row = {
  id: number;
  title: string;
  author: string;
  isbn: string;
  year: number | null;
  tags: string;
  created_at: string;
};

// AUTOINCREMENT never gives an id out twice: the address of a deleted book does not become another book's.
// Tags are one JSON text, because nobody searches by them here. For that they would get a table of their own.
const SCHEMA = `
  CREATE TABLE IF NOT EXISTS books (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    title      TEXT NOT NULL,
    author     TEXT NOT NULL,
    isbn       TEXT NOT NULL UNIQUE,
    year       INTEGER,
    tags       TEXT NOT NULL CHECK (json_valid(tags)),
    created_at TEXT NOT NULL
  ) STRICT`;

/** Opens the shelf in a database, and builds it there when it is new. */
export function openBooks(db: Database): Books {
  db.exec(SCHEMA);

  const insert = db.prepare<Omit<Row, 'id'>>(
    `INSERT INTO books (title, author, isbn, year, tags, created_at)
     VALUES (@title, @author, @isbn, @year, @tags, @created_at)`,
  );
  const update = db.prepare<Omit<Row, 'created_at'>>(
    `UPDATE books SET title = @title, author = @author, isbn = @isbn, year = @year, tags = @tags WHERE id = @id`,
  );
  const remove = db.prepare<[number]>('DELETE FROM books WHERE id = ?');
  const one = db.prepare<[number], Row>('SELECT * FROM books WHERE id = ?');
  // Without ORDER BY the order is nobody's promise, and two pages could show the same book.
  const some = db.prepare<[number, number], Row>('SELECT * FROM books ORDER BY id LIMIT ? OFFSET ?');
  const count = db.prepare<[], { total: number }>('SELECT count(*) AS total FROM books');

  const find = (id: number): Book | null => {
    const row = one.get(id);
    return row === undefined ? null : bookOf(row);
  };

  const changeAlone = db.transaction((id: number, edit: (book: Book) => BookFields): Written => {
    const before = find(id);
    if (before === null) return { kind: 'missing' };
    const fields = edit(before);
    update.run({ ...fields, tags: JSON.stringify(fields.tags), id });
    return { kind: 'stored', book: { ...before, ...fields } };
  });

  return {
    find,
    add: (fields) =>
      unlessDuplicate(() => {
        const createdAt = new Date().toISOString();
        const row = { ...fields, tags: JSON.stringify(fields.tags), created_at: createdAt };
        const { lastInsertRowid } = insert.run(row);
        return { kind: 'stored', book: { id: Number(lastInsertRowid), ...fields, createdAt } };
      }),
    // In one transaction, so that the items and the total speak of the same moment.
    page: db.transaction((limit: number, offset: number) => ({
      items: some.all(limit, offset).map(bookOf),
      total: count.get()?.total ?? 0,
    })),
    // `immediate` takes the write lock before the read: nobody else can change the book in between, and a
    // transaction that begins by reading could not get the lock any more once somebody else writes.
    change: (id, edit) => unlessDuplicate(() => changeAlone.immediate(id, edit)),
    remove: (id) => remove.run(id).changes > 0,
  };
}

/**
 * Tries to write and lets UNIQUE decide. Looking for the isbn first would leave a moment between the look and the
 * write, in which another process can add the same one.
 */
function unlessDuplicate(write: () => Written): Written {
  try {
    return write();
  } catch (error) {
    if (isUniqueViolation(error)) return { kind: 'duplicate' };
    throw error;
  }
}

function isUniqueViolation(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'SQLITE_CONSTRAINT_UNIQUE';
}

function bookOf({ created_at: createdAt, tags, ...rest }: Row): Book {
  return { ...rest, tags: JSON.parse(tags) as string[], createdAt };
}
