import type { Database } from 'better-sqlite3';
import type { Migration } from './migration-files.ts';
import type { Problem } from './migrator.ts';

export type Applied = { name: string; checksum: string; appliedAt: number };

/** What the database says of itself: which migrations it has seen, in the order in which they ran. */
export class History {
  private readonly db: Database;

  constructor(db: Database) {
    this.db = db;
  }

  create(): void {
    this.db.exec(`CREATE TABLE IF NOT EXISTS schema_migrations (
      position INTEGER PRIMARY KEY,
      name TEXT NOT NULL UNIQUE,
      checksum TEXT NOT NULL,
      applied_at INTEGER NOT NULL
    )`);
  }

  /** Asks before it reads, so that looking at a database never changes it. */
  list(): Applied[] {
    const table = this.db.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'schema_migrations'").get();
    if (table === undefined) return [];
    return this.db
      .prepare<[], Applied>(
        'SELECT name, checksum, applied_at AS appliedAt FROM schema_migrations ORDER BY position',
      )
      .all();
  }

  add({ name, checksum }: Migration, appliedAt: number): void {
    this.db
      .prepare('INSERT INTO schema_migrations (name, checksum, applied_at) VALUES (?, ?, ?)')
      .run(name, checksum, appliedAt);
  }

  remove(name: string): void {
    this.db.prepare('DELETE FROM schema_migrations WHERE name = ?').run(name);
  }
}

/** Where the folder and the history contradict each other. */
export function findProblems(migrations: readonly Migration[], history: readonly Applied[]): Problem[] {
  const files = new Map(migrations.map((migration) => [migration.name, migration]));
  const applied = new Map(history.map((row) => [row.name, row]));
  const last = Math.max(
    -1,
    ...migrations.filter(({ name }) => applied.has(name)).map(({ number }) => number),
  );
  const problems: Problem[] = history
    .filter(({ name }) => !files.has(name))
    .map(({ name }) => ({ code: 'missing', name }));
  migrations.forEach(({ name, number, checksum }, index) => {
    const row = applied.get(name);
    if (row !== undefined && row.checksum !== checksum) problems.push({ code: 'changed', name });
    if (row === undefined && number < last) problems.push({ code: 'late', name });
    if (migrations[index - 1]?.number === number) problems.push({ code: 'duplicate', name });
  });
  return problems;
}
