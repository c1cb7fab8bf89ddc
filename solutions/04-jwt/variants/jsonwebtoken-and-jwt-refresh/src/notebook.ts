import type { Database } from 'better-sqlite3';

export type Note = { id: number; text: string };

/** Everybody's private notes. */
export class Notebook {
  private readonly db: Database;

  constructor(db: Database) {
    this.db = db;
    db.exec(`CREATE TABLE IF NOT EXISTS note (
      id INTEGER PRIMARY KEY,
      account_id INTEGER NOT NULL REFERENCES account (id),
      text TEXT NOT NULL
    )`);
  }

  add(accountId: number, text: string): Note {
    const insert = this.db.prepare('INSERT INTO note (account_id, text) VALUES (?, ?) RETURNING id, text');
    return insert.get(accountId, text) as Note;
  }

  of(accountId: number): Note[] {
    const select = this.db.prepare('SELECT id, text FROM note WHERE account_id = ? ORDER BY id DESC');
    return select.all(accountId) as Note[];
  }
}
