import type { Database } from 'better-sqlite3';
import type { Passwords } from './passwords.ts';

/** What the outside may know of a user. */
export type Account = { id: number; email: string };

/** Who may log in. E-mails are compared in lower case, and shown as they were written. */
export class Accounts {
  private readonly db: Database;
  private readonly passwords: Passwords;

  constructor(db: Database, passwords: Passwords) {
    this.db = db;
    this.passwords = passwords;
    db.exec(`CREATE TABLE IF NOT EXISTS account (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      email TEXT NOT NULL,
      email_key TEXT NOT NULL UNIQUE,
      password_hash TEXT NOT NULL
    )`);
  }

  /** Null when the e-mail is taken. */
  async create(email: string, password: string): Promise<Account | null> {
    const hash = await this.passwords.hash(password);
    const { changes, lastInsertRowid } = this.db
      .prepare('INSERT OR IGNORE INTO account (email, email_key, password_hash) VALUES (?, ?, ?)')
      .run(email, email.toLowerCase(), hash);
    return changes === 0 ? null : { id: Number(lastInsertRowid), email };
  }

  /** The user with this e-mail and password. Works as long when nobody has the e-mail. */
  async withPassword(email: string, password: string): Promise<Account | null> {
    const row = this.db
      .prepare('SELECT id, email, password_hash AS hash FROM account WHERE email_key = ?')
      .get(email.toLowerCase()) as (Account & { hash: string }) | undefined;
    const fits = await this.passwords.matches(password, row?.hash ?? this.passwords.nobodys);
    return row !== undefined && fits ? { id: row.id, email: row.email } : null;
  }

  byId(id: number): Account | null {
    const row = this.db.prepare('SELECT id, email FROM account WHERE id = ?').get(id);
    return (row as Account | undefined) ?? null;
  }
}
