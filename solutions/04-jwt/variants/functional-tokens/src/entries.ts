import type { Database } from 'better-sqlite3';

/** A map that is kept in the database. Values are JSON. */
export type Entries<Value> = {
  get(key: string): Value | null;
  set(key: string, value: Value): void;
  /** False, and nothing changes, when the key is there. */
  add(key: string, value: Value): boolean;
  delete(key: string): void;
  /** Values whose keys begin with `prefix`, in the order of their keys. */
  below(prefix: string): Value[];
};

/** One table for all maps; `space` is the name of this one. */
export function entriesIn<Value>(db: Database, space: string): Entries<Value> {
  db.exec(
    'CREATE TABLE IF NOT EXISTS entries (space TEXT, key TEXT, value TEXT, PRIMARY KEY (space, key)) WITHOUT ROWID',
  );
  const one = db.prepare('SELECT value FROM entries WHERE space = ? AND key = ?').pluck();
  const many = db.prepare('SELECT key, value FROM entries WHERE space = ? AND key >= ? ORDER BY key');
  const write = db.prepare('INSERT OR REPLACE INTO entries VALUES (?, ?, ?)');
  const insert = db.prepare('INSERT OR IGNORE INTO entries VALUES (?, ?, ?)');
  const remove = db.prepare('DELETE FROM entries WHERE space = ? AND key = ?');
  return {
    get: (key) => {
      const text = one.get(space, key);
      return typeof text === 'string' ? (JSON.parse(text) as Value) : null;
    },
    set: (key, value) => void write.run(space, key, JSON.stringify(value)),
    add: (key, value) => insert.run(space, key, JSON.stringify(value)).changes === 1,
    delete: (key) => void remove.run(space, key),
    below: (prefix) => {
      const rows = many.all(space, prefix) as { key: string; value: string }[];
      return rows.filter(({ key }) => key.startsWith(prefix)).map(({ value }) => JSON.parse(value) as Value);
    },
  };
}
