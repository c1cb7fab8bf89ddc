import type { Database } from 'better-sqlite3';

export type Entry = { name: string; checksum: string; appliedAt: number };

/** What has been applied to a database: the table schema_migrations. */
export class History {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** The applied migrations, the first one first. It makes no table. */
  entries(): Entry[] {
    if (!this.#exists()) return [];
    return this.#db
      .prepare<[], Entry>('SELECT name, checksum, applied_at AS appliedAt FROM schema_migrations ORDER BY id')
      .all();
  }

  prepare(): void {
    this.#db.exec(
      `CREATE TABLE IF NOT EXISTS schema_migrations (
         id INTEGER PRIMARY KEY AUTOINCREMENT,
         name TEXT NOT NULL UNIQUE,
         checksum TEXT NOT NULL,
         applied_at INTEGER NOT NULL
       )`,
    );
  }

  add({ name, checksum, appliedAt }: Entry): void {
    this.#db
      .prepare('INSERT INTO schema_migrations (name, checksum, applied_at) VALUES (?, ?, ?)')
      .run(name, checksum, appliedAt);
  }

  remove(name: string): void {
    this.#db.prepare('DELETE FROM schema_migrations WHERE name = ?').run(name);
  }

  #exists(): boolean {
    return (
      this.#db
        .prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'schema_migrations'")
        .get() !== undefined
    );
  }
}
