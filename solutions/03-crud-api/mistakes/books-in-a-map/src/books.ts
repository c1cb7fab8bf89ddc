import type { Database } from 'better-sqlite3';
import type { Book, BookFields } from './book.ts';

/** What became of a write. */
export type Written = { kind: 'stored'; book: Book } | { kind: 'missing' } | { kind: 'duplicate' };

export type Page = { items: Book[]; total: number };

export type Books = {
  add(fields: BookFields): Written;
  find(id: number): Book | null;
  page(limit: number, offset: number): Page;
  change(id: number, edit: (book: Book) => BookFields): Written;
  remove(id: number): boolean;
};

/** Keeps the shelf in memory. */
export function openBooks(_db: Database): Books {
  const books = new Map<number, Book>();
  let last = 0;
  const isTaken = (isbn: string, id: number): boolean =>
    [...books.values()].some((book) => book.isbn === isbn && book.id !== id);

  return {
    find: (id) => books.get(id) ?? null,
    add: (fields) => {
      if (isTaken(fields.isbn, 0)) return { kind: 'duplicate' };
      const book = { id: ++last, ...fields, createdAt: new Date().toISOString() };
      books.set(book.id, book);
      return { kind: 'stored', book };
    },
    page: (limit, offset) => ({
      items: [...books.values()].slice(offset, offset + limit),
      total: books.size,
    }),
    change: (id, edit) => {
      const before = books.get(id);
      if (before === undefined) return { kind: 'missing' };
      const book = { ...before, ...edit(before) };
      if (isTaken(book.isbn, id)) return { kind: 'duplicate' };
      books.set(id, book);
      return { kind: 'stored', book };
    },
    remove: (id) => books.delete(id),
  };
}
