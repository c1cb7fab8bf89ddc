import type { Database } from 'better-sqlite3';
import type { BookData } from './validation.ts';

export type BookRecord = { id: number; doc: string; created_at: number };

/** Rows of JSON documents. A deleted row keeps its place and its id. */
export class BookRepository {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
    db.exec(`
      CREATE TABLE IF NOT EXISTS book_documents (
        id INTEGER PRIMARY KEY, doc TEXT NOT NULL, created_at INTEGER NOT NULL, deleted_at INTEGER
      );
      CREATE UNIQUE INDEX IF NOT EXISTS one_isbn
        ON book_documents (json_extract(doc, '$.isbn')) WHERE deleted_at IS NULL;
    `);
  }

  insert(data: BookData, now: number): BookRecord {
    return this.#db
      .prepare<[string, number], BookRecord>(
        'INSERT INTO book_documents (doc, created_at) VALUES (?, ?) RETURNING *',
      )
      .get(JSON.stringify(data), now) as BookRecord;
  }

  update(id: number, data: BookData): void {
    this.#db.prepare('UPDATE book_documents SET doc = ? WHERE id = ?').run(JSON.stringify(data), id);
  }

  findById(id: number): BookRecord | undefined {
    return this.#db
      .prepare<[number], BookRecord>('SELECT * FROM book_documents WHERE id = ? AND deleted_at IS NULL')
      .get(id);
  }

  /** The newest first. */
  findPage(limit: number, offset: number): BookRecord[] {
    return this.#db
      .prepare<[number, number], BookRecord>(
        'SELECT * FROM book_documents WHERE deleted_at IS NULL ORDER BY id DESC LIMIT ? OFFSET ?',
      )
      .all(limit, offset);
  }

  count(): number {
    const sql = 'SELECT count(*) FROM book_documents WHERE deleted_at IS NULL';
    return this.#db.prepare<[], number>(sql).pluck().get() ?? 0;
  }

  /** True when the row is there, deleted before or not. */
  markDeleted(id: number, now: number): boolean {
    const sql = 'UPDATE book_documents SET deleted_at = coalesce(deleted_at, ?) WHERE id = ?';
    return this.#db.prepare(sql).run(now, id).changes === 1;
  }

  transaction<T>(work: () => T): T {
    return this.#db.transaction(work).immediate();
  }
}
