import { randomUUID } from 'node:crypto';
import type { Database } from 'better-sqlite3';

export type Draft = { title: string; author: string; isbn: string; year?: number; tags: string[] };
export type Book = Draft & { id: string; createdAt: string };

type Row = {
  id: string;
  title: string;
  author: string;
  isbn: string;
  year: number | null;
  created_at: string;
};

/** Books in one table, their tags in a second one. */
export class Shelf {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
    db.exec(`
      CREATE TABLE IF NOT EXISTS book (
        id TEXT PRIMARY KEY, title TEXT, author TEXT, isbn TEXT UNIQUE, year INTEGER, created_at TEXT
      );
      CREATE TABLE IF NOT EXISTS tag (
        book_id TEXT, position INTEGER, name TEXT, PRIMARY KEY (book_id, position)
      );
    `);
  }

  find(id: string): Book | undefined {
    const row = this.#db.prepare<[string], Row>('SELECT * FROM book WHERE id = ?').get(id);
    return row && this.#complete(row);
  }

  list(limit: number, offset: number): { items: Book[]; total: number } {
    const rows = this.#db
      .prepare<[number, number], Row>('SELECT * FROM book ORDER BY title, id LIMIT ? OFFSET ?')
      .all(limit, offset);
    const total = this.#db.prepare<[], number>('SELECT count(*) FROM book').pluck().get() ?? 0;
    return { items: rows.map((row) => this.#complete(row)), total };
  }

  /** Undefined when another book has this isbn. */
  insert(draft: Draft): Book | undefined {
    const book = { id: randomUUID(), createdAt: new Date().toISOString().replace('Z', '+00:00'), ...draft };
    const { changes } = this.write(() => {
      const result = this.#db
        .prepare('INSERT INTO book VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (isbn) DO NOTHING')
        .run(book.id, book.title, book.author, book.isbn, book.year ?? null, book.createdAt);
      if (result.changes > 0) this.#tag(book.id, book.tags);
      return result;
    });
    return changes > 0 ? book : undefined;
  }

  /** False when another book has this isbn. */
  update(id: string, { title, author, isbn, year, tags }: Draft): boolean {
    const { changes } = this.#db
      .prepare('UPDATE OR IGNORE book SET title = ?, author = ?, isbn = ?, year = ? WHERE id = ?')
      .run(title, author, isbn, year ?? null, id);
    if (changes > 0) this.#tag(id, tags);
    return changes > 0;
  }

  delete(id: string): boolean {
    return this.write(() => {
      this.#db.prepare('DELETE FROM tag WHERE book_id = ?').run(id);
      return this.#db.prepare('DELETE FROM book WHERE id = ?').run(id).changes > 0;
    });
  }

  /** Runs `work` with the write lock held from the beginning. */
  write<T>(work: () => T): T {
    return this.#db.transaction(work).immediate();
  }

  #tag(id: string, tags: readonly string[]): void {
    this.#db.prepare('DELETE FROM tag WHERE book_id = ?').run(id);
    const insert = this.#db.prepare('INSERT INTO tag VALUES (?, ?, ?)');
    for (const [position, name] of tags.entries()) insert.run(id, position, name);
  }

  #complete({ year, created_at: createdAt, ...row }: Row): Book {
    const tags = this.#db
      .prepare<[string], string>('SELECT name FROM tag WHERE book_id = ? ORDER BY position')
      .pluck()
      .all(row.id);
    return { ...row, ...(year === null ? {} : { year }), tags, createdAt };
  }
}
