import type { Database } from 'better-sqlite3';
import { HttpError } from './errors.ts';

export type BookFields = { title: string; author: string; isbn: string; year: number | null; tags: string[] };
export type StoredBook = BookFields & { id: number; createdAt: string };

type Row = { id: number; fields: string; created_at: string };

/**
 * The fields are kept as JSON text, and the isbn once more as its JSON text for UNIQUE: JSON escapes what UTF-8
 * cannot hold (lone surrogates), so every string comes back as it was.
 */
const SCHEMA = `CREATE TABLE IF NOT EXISTS books (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  isbn_key TEXT NOT NULL UNIQUE,
  fields TEXT NOT NULL,
  created_at TEXT NOT NULL
)`;

const toBook = (row: Row): StoredBook => ({
  id: row.id,
  ...(JSON.parse(row.fields) as BookFields),
  createdAt: row.created_at,
});

function orConflict<T>(write: () => T): T {
  try {
    return write();
  } catch (err) {
    if ((err as { code?: unknown }).code === 'SQLITE_CONSTRAINT_UNIQUE') {
      throw new HttpError(409, 'Another book has this isbn');
    }
    throw err;
  }
}

export function createStore(db: Database) {
  db.exec(SCHEMA);

  function get(id: number): StoredBook {
    const row = db.prepare<[number], Row>('SELECT id, fields, created_at FROM books WHERE id = ?').get(id);
    if (!row) throw new HttpError(404, 'No such book');
    return toBook(row);
  }

  return {
    get,

    list(limit: number, offset: number): { items: StoredBook[]; total: number } {
      return db.transaction(() => {
        const rows = db
          .prepare<[number, number], Row>('SELECT id, fields, created_at FROM books ORDER BY id LIMIT ? OFFSET ?')
          .all(limit, offset);
        const count = db.prepare<[], { total: number }>('SELECT count(*) AS total FROM books').get();
        return { items: rows.map(toBook), total: count?.total ?? 0 };
      })();
    },

    add(fields: BookFields): StoredBook {
      const row = orConflict(() =>
        db
          .prepare<[string, string, string], Row>(
            'INSERT INTO books (isbn_key, fields, created_at) VALUES (?, ?, ?) RETURNING id, fields, created_at',
          )
          .get(JSON.stringify(fields.isbn), JSON.stringify(fields), new Date().toISOString()),
      );
      if (!row) throw new Error('INSERT returned no row');
      return toBook(row);
    },

    /** Reads, changes and writes in one write transaction, so that no other process gets in between. */
    change(id: number, edit: (book: StoredBook) => BookFields): StoredBook {
      return db
        .transaction(() => {
          const book = get(id);
          const fields = edit(book);
          orConflict(() =>
            db
              .prepare('UPDATE books SET isbn_key = ?, fields = ? WHERE id = ?')
              .run(JSON.stringify(fields.isbn), JSON.stringify(fields), id),
          );
          return get(id);
        })
        .immediate();
    },

    remove(id: number): void {
      const { changes } = db.prepare('DELETE FROM books WHERE id = ?').run(id);
      if (changes === 0) throw new HttpError(404, 'No such book');
    },
  };
}

export type Store = ReturnType<typeof createStore>;
