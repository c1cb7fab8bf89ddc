import type { Database } from 'better-sqlite3';

export type Backfill = {
  db: Database;
  /** How many rows one transaction may change. */
  batchSize: number;
  /** Awaited after each batch: others get their turn. */
  pause: () => Promise<unknown>;
};

type Batch = { after: number; size: number };

/** Copies users.name to users.display_name where that is NULL. Resolves to the number of rows that it copied. */
export async function backfill({ db, batchSize, pause }: Backfill): Promise<number> {
  // One statement is one transaction: it looks and writes at the same moment, so nothing newer is overwritten.
  const copy = db.prepare<[Batch], { id: number }>(
    `UPDATE users SET display_name = name
     WHERE display_name IS NULL AND id IN (
       SELECT id FROM users WHERE display_name IS NULL AND id > :after ORDER BY id LIMIT :size
     )
     RETURNING id`,
  );
  let copied = 0;
  let copiedInPass = 0;
  let after = Number.MIN_SAFE_INTEGER;
  for (;;) {
    const ids = copy.all({ after, size: batchSize }).map(({ id }) => id);
    if (ids.length > 0) {
      copied += ids.length;
      copiedInPass += ids.length;
      after = Math.max(...ids);
      await pause();
    } else if (copiedInPass > 0) {
      // Once more from the beginning: a row may have come behind us in a pause.
      copiedInPass = 0;
      after = Number.MIN_SAFE_INTEGER;
    } else {
      return copied;
    }
  }
}
