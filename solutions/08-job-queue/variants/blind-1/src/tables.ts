import type { Database } from 'better-sqlite3';

const TABLES = `
  CREATE TABLE IF NOT EXISTS jobs (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    type TEXT NOT NULL,
    payload TEXT NOT NULL,
    status TEXT NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'running', 'done', 'dead')),
    priority INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    failures INTEGER NOT NULL DEFAULT 0,
    max_attempts INTEGER NOT NULL,
    run_at INTEGER NOT NULL,
    dedupe_key TEXT,
    lease_token TEXT,
    lease_until INTEGER,
    last_error TEXT
  );
  CREATE INDEX IF NOT EXISTS jobs_due ON jobs (priority DESC, run_at, seq) WHERE status = 'pending';
  CREATE INDEX IF NOT EXISTS jobs_leased ON jobs (lease_until) WHERE status = 'running';
  CREATE UNIQUE INDEX IF NOT EXISTS jobs_dedupe ON jobs (dedupe_key) WHERE status IN ('pending', 'running');
  CREATE TABLE IF NOT EXISTS job_periods (name TEXT PRIMARY KEY, started_at INTEGER NOT NULL);
`;

/** Makes the tables when they are missing; several processes may do so at the same moment. */
export function createTables(db: Database): void {
  const last = db.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'job_periods'").get();
  if (last === undefined) db.transaction(() => db.exec(TABLES)).immediate();
}
