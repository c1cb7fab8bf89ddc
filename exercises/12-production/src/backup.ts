import type { Database } from 'better-sqlite3';

export type BackupOptions = {
  db: Database;
  /** Where backups lie. It may not be there yet. */
  folder: string;
  /** How many backups stay. */
  keep: number;
  clock: { now(): number };
};

/** Makes a backup of a database that is in use; resolves with its path. */
export function backup(options: BackupOptions): Promise<string> {
  // TODO R10: a copy as it was at one moment, while others write. Which tool of SQLite makes one?
  // TODO R20: only the `keep` newest stay.
  return Promise.reject(new Error(`no backup in ${options.folder} yet`));
}

/** Puts a backup in the place of a database that nobody has open. */
export function restore(options: { from: string; to: string }): Promise<void> {
  // TODO R10: the content of `from`, in the place of `to`.
  // TODO R19: look at `from` first; and at what lies beside `to`.
  return Promise.reject(new Error(`${options.from} is not restored yet`));
}
