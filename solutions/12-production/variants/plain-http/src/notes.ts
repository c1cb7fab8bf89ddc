import type { Database, Statement } from 'better-sqlite3';

export type Note = { id: number; text: string };
export type Mail = (note: Note) => Promise<unknown>;

/** The notes in their table. */
export class Notes {
  private readonly insert: Statement<[string]>;
  private readonly select: Statement<[number], Note>;

  constructor(db: Database) {
    db.pragma('journal_mode = WAL');
    db.exec('CREATE TABLE IF NOT EXISTS notes (id INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT');
    this.insert = db.prepare('INSERT INTO notes (text) VALUES (?)');
    this.select = db.prepare<[number], Note>('SELECT id, text FROM notes WHERE id = ?');
  }

  add(text: string): Note {
    return { id: Number(this.insert.run(text).lastInsertRowid), text };
  }

  find(id: string): Note | undefined {
    return /^\d{1,15}$/.test(id) ? this.select.get(Number(id)) : undefined;
  }
}
