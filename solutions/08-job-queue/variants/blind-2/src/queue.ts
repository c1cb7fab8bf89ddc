import { randomUUID } from 'node:crypto';
import type { Database } from 'better-sqlite3';

/** The time, moved by whoever made it: milliseconds since 1970, and a wait of so many milliseconds. */
export type Clock = { now(): number; sleep(ms: number): Promise<void> };

/** What names a job: a text or a number. Yours to choose. */
export type JobId = string | number;

/** All that JSON can hold. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

export type JobStatus = 'pending' | 'running' | 'done' | 'dead';

export type Job = {
  id: JobId;
  /** Which handler is meant. */
  type: string;
  payload: Json;
  status: JobStatus;
  /** How many runs have begun, since it was enqueued or brought back from the dead. */
  attempts: number;
  /** While it is pending: not before this time, in milliseconds since 1970. */
  runAt: number;
  /** What the last failure said. */
  lastError: string | null;
};

export type EnqueueOptions = {
  /** Not before so many milliseconds from now. 0 when left out. */
  delayMs?: number;
  /** A whole number; a higher one goes first. 0 when left out. */
  priority?: number;
  /** While a job with this key is pending or running, no second one is made. */
  dedupeKey?: string;
  /** After so many failures the job is dead. 5 when left out. */
  maxAttempts?: number;
};

export type Recurring = { everyMs: number; type: string; payload: Json };

export type Queue = {
  /** Stores a job. Synchronous, so that it can be a part of the caller's transaction. */
  enqueue(type: string, payload: Json, options?: EnqueueOptions): JobId;
  get(id: JobId): Job | null;
  deadLetters(): Job[];
  /** Gives a dead job a fresh start. False: there is no such dead job. */
  retryDead(id: JobId): boolean;
  /** Enqueues a job once for every period of `everyMs`. Null: this period has its job already. */
  schedule(name: string, recurring: Recurring): JobId | null;
  /** For workers only. */
  claims: Claims;
};

/** A job that a worker has for a time. Whoever shows the token holds the lease. */
export type Claim = { id: JobId; type: string; payload: Json; attempt: number; token: string };

/** What a worker writes. Each of these is one transaction; what throws has changed nothing. */
export type Claims = {
  /** At most `limit` due jobs, in the order in which they should begin. */
  take(limit: number, leaseMs: number): Claim[];
  renew(token: string, leaseMs: number): void;
  succeed(token: string): void;
  /** `waitMs` is told how many failures there were, this one included. */
  fail(token: string, error: string, waitMs: (failures: number) => number): void;
  giveBack(tokens: string[]): void;
};

const MAX_PAYLOAD_BYTES = 65_536;

const TABLES = `
  CREATE TABLE IF NOT EXISTS queue_jobs (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    type TEXT NOT NULL,
    payload TEXT NOT NULL,
    status TEXT NOT NULL DEFAULT 'pending',
    priority INTEGER NOT NULL,
    run_at INTEGER NOT NULL,
    dedupe_key TEXT,
    max_attempts INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    failures INTEGER NOT NULL DEFAULT 0,
    last_error TEXT,
    token TEXT,
    lease_until INTEGER
  );
  CREATE INDEX IF NOT EXISTS queue_jobs_order ON queue_jobs (status, priority DESC, run_at, seq);
  CREATE INDEX IF NOT EXISTS queue_jobs_key ON queue_jobs (dedupe_key) WHERE dedupe_key IS NOT NULL;
  CREATE INDEX IF NOT EXISTS queue_jobs_token ON queue_jobs (token) WHERE token IS NOT NULL;
  CREATE TABLE IF NOT EXISTS queue_periods (name TEXT PRIMARY KEY, began INTEGER NOT NULL);
`;

/** Makes tables, also when several processes start at the same moment. */
export function makeTables(db: Database, sql: string): void {
  if (db.inTransaction) {
    db.exec(sql);
    return;
  }
  const patience = Number(db.pragma('busy_timeout', { simple: true }));
  db.pragma(`busy_timeout = ${Math.max(patience, 5_000)}`);
  try {
    db.transaction(() => db.exec(sql)).immediate();
  } finally {
    db.pragma(`busy_timeout = ${patience}`);
  }
}

/** The JSON text of a payload. Throws when it holds what JSON cannot, or when it is too large. */
function payloadText(payload: unknown): string {
  const left: unknown[] = [payload];
  // Every value is a byte of JSON at least. The count also ends a payload that contains itself.
  for (let seen = 0; left.length > 0; seen += 1) {
    if (seen > MAX_PAYLOAD_BYTES) throw new RangeError('the payload is too large, or contains itself');
    const value = left.pop();
    if (value === null || typeof value === 'string' || typeof value === 'boolean') continue;
    if (typeof value === 'number' && Number.isFinite(value)) continue;
    if (Array.isArray(value)) {
      if (value.length > MAX_PAYLOAD_BYTES) throw new RangeError('the payload is too large');
      for (let i = 0; i < value.length; i += 1) left.push(value[i]);
    } else if (typeof value === 'object' && isPlain(value)) {
      for (const field of Object.values(value)) if (field !== undefined) left.push(field);
    } else {
      throw new TypeError(`a payload is a JSON value and cannot hold ${nameOf(value)}`);
    }
  }
  const text = JSON.stringify(payload);
  if (Buffer.byteLength(text) > MAX_PAYLOAD_BYTES) {
    throw new RangeError(`a payload has at most ${MAX_PAYLOAD_BYTES} bytes as JSON`);
  }
  return text;
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  const plain = prototype === null || Object.getPrototypeOf(prototype) === null;
  return plain && Object.getOwnPropertySymbols(value).length === 0;
}

function nameOf(value: unknown): string {
  return typeof value === 'object' ? Object.prototype.toString.call(value) : typeof value;
}

type Row = {
  seq: number;
  id: string;
  type: string;
  payload: string;
  status: JobStatus;
  run_at: number;
  max_attempts: number;
  attempts: number;
  failures: number;
  last_error: string | null;
};

function jobOf(row: Row): Job {
  return {
    id: row.id,
    type: row.type,
    payload: JSON.parse(row.payload) as Json,
    status: row.status,
    attempts: row.attempts,
    runAt: row.run_at,
    lastError: row.last_error,
  };
}

export function createQueue(options: { db: Database; clock: Clock }): Queue {
  const { db, clock } = options;
  makeTables(db, TABLES);

  const prepare = <P extends unknown[], R = unknown>(sql: string) => db.prepare<P, R>(sql).safeIntegers(false);

  const insert = prepare<[Record<string, unknown>]>(`
    INSERT INTO queue_jobs (id, type, payload, priority, run_at, dedupe_key, max_attempts)
    SELECT @id, @type, @payload, @priority, @runAt, @key, @maxAttempts
    WHERE @key IS NULL
       OR NOT EXISTS (SELECT 1 FROM queue_jobs WHERE dedupe_key = @key AND status IN ('pending', 'running'))`);
  const active = prepare<[string], { id: string }>(
    "SELECT id FROM queue_jobs WHERE dedupe_key = ? AND status IN ('pending', 'running') ORDER BY seq LIMIT 1",
  );
  const byId = prepare<[JobId], Row>('SELECT * FROM queue_jobs WHERE id = ?');
  const dead = prepare<[], Row>("SELECT * FROM queue_jobs WHERE status = 'dead' ORDER BY seq");
  const revive = prepare<[number, JobId]>(
    "UPDATE queue_jobs SET status = 'pending', run_at = ?, attempts = 0, failures = 0 WHERE id = ? AND status = 'dead'",
  );
  const begin = prepare<[{ name: string; began: number }]>(`
    INSERT INTO queue_periods (name, began) VALUES (@name, @began)
    ON CONFLICT (name) DO UPDATE SET began = @began WHERE began < @began`);

  // A lease that has run out is a failed run. The job is due since that moment.
  const reap = prepare<[{ now: number }]>(`
    UPDATE queue_jobs
    SET status = CASE WHEN failures + 1 >= max_attempts THEN 'dead' ELSE 'pending' END,
        failures = failures + 1, run_at = lease_until, token = NULL, lease_until = NULL,
        last_error = 'the worker died: its lease ran out'
    WHERE status = 'running' AND lease_until <= @now`);
  const due = prepare<[number, number], Row>(
    "SELECT * FROM queue_jobs WHERE status = 'pending' AND run_at <= ? ORDER BY priority DESC, run_at, seq LIMIT ?",
  );
  const claim = prepare<[string, number, number]>(
    "UPDATE queue_jobs SET status = 'running', attempts = attempts + 1, token = ?, lease_until = ? WHERE seq = ?",
  );
  const held = prepare<[string, number], Row>(
    "SELECT * FROM queue_jobs WHERE token = ? AND status = 'running' AND lease_until > ?",
  );
  const extend = prepare<[number, number]>('UPDATE queue_jobs SET lease_until = ? WHERE seq = ?');
  const end = prepare<[Record<string, unknown>]>(`
    UPDATE queue_jobs
    SET status = @status, failures = @failures, last_error = @error, run_at = @runAt, token = NULL, lease_until = NULL
    WHERE seq = @seq`);

  /** In the transaction that is open, if there is one; else in one of its own that has the write lock at once. */
  const atomically = <T>(work: () => T): T => db.transaction(work).immediate();

  /** Does something with the job of this token, if the lease still holds. */
  function whileHeld(token: string, work: (row: Row, now: number) => void): void {
    atomically(() => {
      const now = clock.now();
      const row = held.get(token, now);
      if (row !== undefined) work(row, now);
    });
  }

  function enqueue(type: string, payload: Json, { delayMs, priority, dedupeKey, maxAttempts }: EnqueueOptions = {}): JobId {
    if (typeof type !== 'string') throw new TypeError('the type of a job is a text');
    const text = payloadText(payload);
    const key = dedupeKey ?? null;
    return atomically(() => {
      const id = randomUUID();
      const { changes } = insert.run({
        id,
        type,
        payload: text,
        priority: priority ?? 0,
        runAt: clock.now() + (delayMs ?? 0),
        key,
        maxAttempts: maxAttempts ?? 5,
      });
      if (changes === 1 || key === null) return id;
      return active.get(key)!.id;
    });
  }

  const claims: Claims = {
    take(limit, leaseMs) {
      // In somebody's open transaction a claim could be rolled back while its job runs.
      if (db.inTransaction) throw new Error('the database is busy: a transaction is open on the connection of the queue');
      return atomically(() => {
        const now = clock.now();
        reap.run({ now });
        return due.all(now, limit).map((row) => {
          const token = randomUUID();
          claim.run(token, now + leaseMs, row.seq);
          return { ...jobOf(row), attempt: row.attempts + 1, token };
        });
      });
    },
    renew(token, leaseMs) {
      whileHeld(token, (row, now) => extend.run(now + leaseMs, row.seq));
    },
    succeed(token) {
      whileHeld(token, ({ seq, failures, last_error, run_at }) =>
        end.run({ seq, status: 'done', failures, error: last_error, runAt: run_at }),
      );
    },
    fail(token, error, waitMs) {
      whileHeld(token, (row, now) => {
        const failures = row.failures + 1;
        const status = failures >= row.max_attempts ? 'dead' : 'pending';
        end.run({ seq: row.seq, status, failures, error, runAt: Math.ceil(now + waitMs(failures)) });
      });
    },
    giveBack(tokens) {
      atomically(() => {
        for (const token of tokens) {
          whileHeld(token, ({ seq, failures, last_error }, now) =>
            end.run({ seq, status: 'pending', failures, error: last_error, runAt: now }),
          );
        }
      });
    },
  };

  return {
    enqueue,
    get(id) {
      const row = typeof id === 'string' ? byId.get(id) : undefined;
      return row === undefined ? null : jobOf(row);
    },
    deadLetters() {
      return dead.all().map(jobOf);
    },
    retryDead(id) {
      return typeof id === 'string' && revive.run(clock.now(), id).changes === 1;
    },
    schedule(name, { everyMs, type, payload }) {
      if (!(everyMs > 0)) throw new RangeError('everyMs is above 0');
      return atomically(() => {
        // The beginning of the period, not its number: that stays comparable when everyMs is changed one day.
        const began = Math.floor(clock.now() / everyMs) * everyMs;
        if (begin.run({ name, began }).changes === 0) return null;
        return enqueue(type, payload);
      });
    },
    claims,
  };
}
