import Database from 'better-sqlite3';

/**
 * Runs the work while nobody else does: the lock is a write transaction on a database of its own, beside the one that is
 * migrated. The operating system gives it back when the process ends, however it ends.
 */
export function exclusively<T>(databaseFile: string, work: () => T): T {
  const lock = new Database(`${databaseFile}.migrating`, { timeout: 0 });
  try {
    lock.exec('BEGIN EXCLUSIVE');
    return work();
  } finally {
    lock.close();
  }
}
