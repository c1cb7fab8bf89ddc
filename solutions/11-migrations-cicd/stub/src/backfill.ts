import type { Database } from 'better-sqlite3';

export type Backfill = {
  db: Database;
  /** How many rows one transaction may change. */
  batchSize: number;
  /** Awaited after each batch: others get their turn. */
  pause: () => Promise<unknown>;
};

/** Copies users.name to users.display_name where that is NULL. Resolves to the number of rows that it copied. */
export async function backfill({ db, batchSize, pause }: Backfill): Promise<number> {
  // TODO R15: at most batchSize rows in one transaction, then a pause, until none is left.
  // TODO R16: others write in the pauses, and the process may be killed there.
  return 0;
}
