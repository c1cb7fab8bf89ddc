import type { Database } from 'better-sqlite3';

export type User = { id: string; email: string; hash: string };
export type Note = { id: string; userId: string; text: string };
/** `id` is a digest of the token. All tokens that came from one login share a family. */
export type RefreshToken = { id: string; family: string; userId: string; expiresAt: number };

/** Users, notes and refresh tokens. Times are milliseconds since 1970. */
export class Store {
  private readonly db: Database;

  constructor(db: Database) {
    this.db = db;
    db.exec(`
      CREATE TABLE IF NOT EXISTS users (
        id TEXT PRIMARY KEY, email TEXT NOT NULL UNIQUE COLLATE NOCASE, hash TEXT NOT NULL
      ) STRICT;
      CREATE TABLE IF NOT EXISTS notes (
        id TEXT PRIMARY KEY, user_id TEXT NOT NULL REFERENCES users (id), text TEXT NOT NULL
      ) STRICT;
      CREATE TABLE IF NOT EXISTS refresh_tokens (
        id TEXT PRIMARY KEY, family TEXT NOT NULL, user_id TEXT NOT NULL REFERENCES users (id),
        expires_at INTEGER NOT NULL, used INTEGER NOT NULL DEFAULT 0, ended INTEGER NOT NULL DEFAULT 0
      ) STRICT;
      CREATE INDEX IF NOT EXISTS refresh_tokens_family ON refresh_tokens (family);
    `);
  }

  /** False when the e-mail is taken. UNIQUE decides, not a look beforehand: two requests may come at once. */
  addUser({ id, email, hash }: User): boolean {
    const insert = this.db.prepare(
      'INSERT INTO users (id, email, hash) VALUES (?, ?, ?) ON CONFLICT (email) DO NOTHING',
    );
    return insert.run(id, email, hash).changes === 1;
  }

  userByEmail(email: string): User | null {
    return (this.db.prepare('SELECT id, email, hash FROM users WHERE email = ?').get(email) as User) ?? null;
  }

  userById(id: string): User | null {
    return (this.db.prepare('SELECT id, email, hash FROM users WHERE id = ?').get(id) as User) ?? null;
  }

  addNote({ id, userId, text }: Note): { id: string; text: string } {
    this.db.prepare('INSERT INTO notes (id, user_id, text) VALUES (?, ?, ?)').run(id, userId, text);
    return { id, text };
  }

  notesOf(userId: string): { id: string; text: string }[] {
    const notes = this.db.prepare('SELECT id, text FROM notes WHERE user_id = ? ORDER BY rowid');
    return notes.all(userId) as { id: string; text: string }[];
  }

  addRefresh({ id, family, userId, expiresAt }: RefreshToken): void {
    const insert = this.db.prepare(
      'INSERT INTO refresh_tokens (id, family, user_id, expires_at) VALUES (?, ?, ?, ?)',
    );
    insert.run(id, family, userId, expiresAt);
  }

  /**
   * Takes a token out of use and says whose it was; null when it is not good. A used token that comes again may be in a
   * thief's hands: then the whole family ends (RFC 9700 §4.14.2).
   */
  useRefresh(id: string, now: number): RefreshToken | null {
    const use = this.db.prepare(
      `UPDATE refresh_tokens SET used = 1 WHERE id = ? AND used = 0 AND ended = 0 AND expires_at > ?
       RETURNING id, family, user_id AS userId, expires_at AS expiresAt`,
    );
    const token = use.get(id, now) as RefreshToken | undefined;
    if (token === undefined) this.endFamilyOf(id);
    return token ?? null;
  }

  endFamilyOf(id: string): void {
    const end = this.db.prepare(
      'UPDATE refresh_tokens SET ended = 1 WHERE family = (SELECT family FROM refresh_tokens WHERE id = ?)',
    );
    end.run(id);
  }
}
