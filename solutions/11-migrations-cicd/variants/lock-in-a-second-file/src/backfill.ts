import type { Database, Transaction } from 'better-sqlite3';

type Options = { db: Database; batchSize: number; pause: () => Promise<unknown> };
type Batch = { last: number; copied: number; size: number };

/** Walks along the ids, so that no batch reads again what an earlier one has finished. */
function batches({ db, batchSize }: Options): Transaction<(after: number) => Batch> {
  const next = db
    .prepare('SELECT id FROM users WHERE id > ? AND display_name IS NULL ORDER BY id LIMIT ?')
    .pluck();
  const copy = db.prepare('UPDATE users SET display_name = name WHERE id = ? AND display_name IS NULL');
  return db.transaction((after: number) => {
    const ids = next.all(after, batchSize) as number[];
    let copied = 0;
    for (const id of ids) copied += copy.run(id).changes;
    return { last: ids.at(-1) ?? after, copied, size: ids.length };
  });
}

export function backfill(options: Options): Promise<number> {
  const batch = batches(options);
  const from = async (after: number, total: number): Promise<number> => {
    const { last, copied, size } = batch.immediate(after);
    if (size === 0) return total;
    await options.pause();
    return size < options.batchSize ? total + copied : await from(last, total + copied);
  };
  return from(Number.MIN_SAFE_INTEGER, 0);
}
