import { truncateSync } from 'node:fs';
import { hasForeignHeader } from './header.ts';
import type { Database, Sqlite } from './sqlite.ts';

/**
 * Keeps the progress file's name still while somebody works on the file. Who uses the file holds the lock shared; who
 * begins a file or sets one aside holds it alone.
 *
 * It has to be so because SQLite finds a file's journal by name. A process that still has the old file open when a new
 * one takes its name would take the new file's journal for one left by a crash of the old: it would roll it back into
 * the old file and delete it, and the new file would be without its journal in the middle of a transaction.
 *
 * The lock is a transaction on an empty database beside the file, `progress.sqlite.lock`. The operating system ends it
 * with the process, so a killed process leaves nothing locked. The lock's file stays: deleting it would let two
 * processes lock two files of one name.
 */
export class RenameLock {
  readonly #db: Database | null;
  readonly #unusable: unknown;

  constructor(Sqlite: Sqlite, file: string, busyTimeoutMs: number) {
    const lockFile = `${file}.lock`;
    let db: Database | null = null;
    let unusable: unknown = null;
    try {
      // Something else wrote into it. It holds nothing of ours, so emptying it makes it a lock again.
      if (hasForeignHeader(lockFile)) truncateSync(lockFile);
      db = new Sqlite(lockFile, { timeout: busyTimeoutMs });
    } catch (error) {
      unusable = error;
    }
    this.#db = db;
    this.#unusable = unusable;
  }

  /**
   * Runs `work` while nobody begins a file or sets one aside. Where the lock's file cannot be made, in a read-only
   * folder, this user cannot rename anything either, and reading goes on without a lock.
   */
  shared<T>(work: () => T): T {
    if (this.#db === null) return work();
    try {
      // A transaction begins to lock when it first reads.
      this.#db.exec('BEGIN; SELECT count(*) FROM sqlite_schema');
      return work();
    } finally {
      if (this.#db.inTransaction) this.#db.exec('ROLLBACK');
    }
  }

  /** Runs `work` while nobody else uses the file. Throws what SQLite throws when that cannot be had. */
  alone<T>(work: () => T): T {
    if (this.#db === null) throw this.#unusable;
    try {
      this.#db.exec('BEGIN EXCLUSIVE');
      return work();
    } finally {
      if (this.#db.inTransaction) this.#db.exec('ROLLBACK');
    }
  }

  close(): void {
    this.#db?.close();
  }
}
