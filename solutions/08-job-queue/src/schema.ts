/** `seq` is the order in which jobs came; `id` is random, so that it can be a key at other people's services. */
export const SCHEMA = `
  CREATE TABLE IF NOT EXISTS jobs (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    type TEXT NOT NULL,
    payload TEXT NOT NULL,
    status TEXT NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'running', 'done', 'dead')),
    priority INTEGER NOT NULL,
    run_at INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    max_attempts INTEGER NOT NULL,
    dedupe_key TEXT,
    last_error TEXT,
    lease TEXT UNIQUE,
    lease_until INTEGER
  );
  CREATE INDEX IF NOT EXISTS jobs_due ON jobs (status, priority DESC, run_at, seq);
  CREATE UNIQUE INDEX IF NOT EXISTS jobs_deduped ON jobs (dedupe_key) WHERE status IN ('pending', 'running');
  CREATE TABLE IF NOT EXISTS periods (name TEXT PRIMARY KEY, number INTEGER NOT NULL);
`;

export type JobRow = {
  seq: number;
  id: string;
  type: string;
  payload: string;
  status: 'pending' | 'running' | 'done' | 'dead';
  priority: number;
  run_at: number;
  attempts: number;
  max_attempts: number;
  dedupe_key: string | null;
  last_error: string | null;
  lease: string | null;
  lease_until: number | null;
};
