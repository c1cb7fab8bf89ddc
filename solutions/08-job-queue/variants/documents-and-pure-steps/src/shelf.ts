import type { Database } from 'better-sqlite3';
import type { Document } from './document.ts';

type Row = { id: number; rev: number; body: string };

/**
 * Documents with a revision. A change is written only if nobody else wrote in between, else it is tried on the newer
 * document. Single statements do all of it; the columns are computed from the document.
 */
export function openShelf(db: Database) {
  const columns = {
    state: 'TEXT',
    due: 'REAL',
    priority: 'INTEGER',
    key: 'TEXT',
    series: 'TEXT',
    since: 'INTEGER',
  };
  const computed = Object.entries(columns).map(
    ([name, type]) => `"${name}" ${type} GENERATED ALWAYS AS (json_extract(body, '$.${name}')) VIRTUAL`,
  );
  db.exec(`
    CREATE TABLE IF NOT EXISTS shelf (id INTEGER PRIMARY KEY AUTOINCREMENT, rev INTEGER NOT NULL, body TEXT NOT NULL, ${computed.join()});
    CREATE UNIQUE INDEX IF NOT EXISTS shelf_key ON shelf ("key") WHERE state IN ('pending', 'running');
    CREATE INDEX IF NOT EXISTS shelf_order ON shelf (state, due);
  `);
  const byId = db.prepare('SELECT id, rev, body FROM shelf WHERE id = ?');
  const byKey = db.prepare(
    `SELECT id, rev, body FROM shelf WHERE "key" = ? AND state IN ('pending', 'running')`,
  );
  const dead = db.prepare(`SELECT id, rev, body FROM shelf WHERE state = 'dead'`);
  const next = db.prepare(`
    SELECT id, rev, body FROM shelf WHERE state IN ('pending', 'running') AND due <= ?
    ORDER BY priority DESC, due, id LIMIT 1`);
  const insert = db.prepare(
    'INSERT INTO shelf (rev, body) VALUES (1, ?) ON CONFLICT DO NOTHING RETURNING id',
  );
  const insertInSeries = db.prepare(`
    INSERT INTO shelf (rev, body) SELECT 1, @body
    WHERE NOT EXISTS (SELECT 1 FROM shelf WHERE series = @series AND since >= @since) RETURNING id`);
  const update = db.prepare('UPDATE OR IGNORE shelf SET body = ?, rev = rev + 1 WHERE id = ? AND rev = ?');

  const read = (row: unknown) => {
    if (!row) return undefined;
    const { id, rev, body } = row as Row;
    return { id, rev, job: JSON.parse(body) as Document };
  };
  const idOf = (row: unknown): number | null => (row ? (row as Row).id : null);

  return {
    find: (id: number | string) => read(byId.get(id)),
    dead: () => dead.all().map((row) => read(row)!),
    /** What is to be claimed first. */
    next: (now: number) => read(next.get(now)),
    /** The id of the new document, or of the one that has its key. */
    put(job: Document): number {
      for (;;) {
        const id = idOf(insert.get(JSON.stringify(job))) ?? idOf(byKey.get(job.key));
        if (id !== null) return id;
      }
    },
    /** Null: the series has come as far as this already. */
    putInSeries(job: Document): number | null {
      return idOf(insertInSeries.get({ body: JSON.stringify(job), series: job.series, since: job.since }));
    },
    /** The changed document; undefined when the step does not want this document, or its key is taken. */
    change(id: number | string, step: (job: Document) => Document | undefined): Document | undefined {
      for (;;) {
        const found = read(byId.get(id));
        const wanted = found && step(found.job);
        if (!wanted) return undefined;
        if (update.run(JSON.stringify(wanted), found.id, found.rev).changes === 1) return wanted;
        if (read(byId.get(id))?.rev === found.rev) return undefined;
      }
    },
  };
}

export type Shelf = ReturnType<typeof openShelf>;
