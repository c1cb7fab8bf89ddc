import type { Database } from 'better-sqlite3';

type Backfill = { db: Database; batchSize: number; pause: () => Promise<unknown> };

export async function backfill({ db, batchSize, pause }: Backfill): Promise<number> {
  const batch = db.prepare(
    `UPDATE users SET display_name = name
     WHERE id IN (SELECT id FROM users WHERE display_name IS NULL LIMIT ?)`,
  );
  let copied = 0;
  for (;;) {
    const { changes } = batch.run(batchSize);
    if (changes === 0) return copied;
    copied += changes;
    await pause();
  }
}
