import type Sqlite from 'better-sqlite3';

/**
 * How long a statement waits for another process, in milliseconds. SQLite waits without turning the event loop: with
 * the usual five seconds a program would look as if it hung.
 */
const BUSY_TIMEOUT = 500;

let Database: typeof Sqlite | null = null;
const open = new Set<Sqlite.Database>();

/** Loads better-sqlite3 once. Called before the subject is loaded, so that what is patched is what the subject gets. */
export async function loadSqlite(): Promise<typeof Sqlite> {
  Database ??= (await import('better-sqlite3')).default;
  return Database;
}

/** An open database on a file, as a dependency of the subject. */
export function openDatabase(file: string): Sqlite.Database {
  if (Database === null) throw new Error('better-sqlite3 is not loaded');
  const database = new Database(file, { timeout: BUSY_TIMEOUT });
  // Nothing here has to outlive a power cut, and waiting for the disk is most of what an insert takes.
  database.pragma('synchronous = OFF');
  open.add(database);
  return database;
}

/** Closes what earlier rules opened. */
export function closeDatabases(): void {
  for (const database of open) {
    try {
      database.close();
    } catch {
      // An iterator of the program is still open on it. The file goes with its rule.
    }
  }
  open.clear();
}
