import type { Database } from 'better-sqlite3';

export type Backfill = {
  db: Database;
  /** How many rows one transaction may change. */
  batchSize: number;
  /** Awaited after each batch: others get their turn. */
  pause: () => Promise<unknown>;
};

/**
 * Copies users.name to users.display_name where that is NULL. Resolves to the number of rows that it copied. What is
 * still to do stands in the rows themselves, so it may be killed and started again at any time.
 */
export async function backfill({ db, batchSize, pause }: Backfill): Promise<number> {
  // One statement is one transaction, and it asks for NULL at the moment when it writes.
  const batch = db.prepare(`UPDATE users SET display_name = name WHERE id IN (
    SELECT id FROM users WHERE display_name IS NULL ORDER BY id LIMIT ?
  )`);
  let copied = 0;
  for (;;) {
    const { changes } = batch.run(batchSize);
    if (changes === 0) return copied;
    copied += changes;
    await pause();
  }
}
