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
  if (!Number.isInteger(batchSize) || batchSize < 1) throw new RangeError('batchSize is a whole number from 1');
  // One statement, and so one transaction: it looks whether the row is still empty at the moment of writing.
  const copy = db.prepare<[{ last: number | null; batchSize: number }], { id: number }>(`
    UPDATE users SET display_name = name
    WHERE display_name IS NULL AND id IN (
      SELECT id FROM users WHERE display_name IS NULL AND (@last IS NULL OR id > @last) ORDER BY id LIMIT @batchSize
    )
    RETURNING id`);

  let copied = 0;
  let last: number | null = null;
  for (;;) {
    const rows: { id: number }[] = copy.safeIntegers(false).all({ last, batchSize });
    if (rows.length === 0 && last === null) return copied;
    // From the beginning again when the end is reached: somebody may have written behind us.
    last = rows.length === 0 ? null : rows.reduce((most, { id }) => Math.max(most, id), -Infinity);
    copied += rows.length;
    if (rows.length > 0) await pause();
  }
}
