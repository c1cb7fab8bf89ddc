import { randomUUID } from 'node:crypto';
import type { Database, Statement } from 'better-sqlite3';
import { encodePayload } from './payload.ts';
import { createTables } from './tables.ts';

/** The time, moved by whoever made it: milliseconds since 1970, and a wait of so many milliseconds. */
export type Clock = { now(): number; sleep(ms: number): Promise<void> };

/** What names a job. */
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

/** A job that a worker holds. The token tells its claim from all others, also of the same job. */
export type Claim = {
  id: JobId;
  type: string;
  payload: Json;
  attempt: number;
  /** Failures before this run. */
  failures: number;
  token: string;
};

type Row = Omit<Job, 'payload'> & { payload: string };
type ClaimedRow = {
  seq: number;
  id: string;
  type: string;
  payload: string;
  attempts: number;
  failures: number;
  priority: number;
  run_at: number;
};

const JOB = 'SELECT id, type, payload, status, attempts, run_at AS runAt, last_error AS lastError FROM jobs';
/** Only who holds the lease now may change a job that runs. */
const HELD = "id = :id AND status = 'running' AND lease_token = :token AND lease_until > :now";

export class Queue {
  readonly #db: Database;
  readonly #clock: Clock;

  readonly #insert: Statement<[Record<string, unknown>], { id: string }>;
  readonly #waiting: Statement<[string], { id: string }>;
  readonly #one: Statement<[JobId], Row>;
  readonly #dead: Statement<[], Row>;
  readonly #revive: Statement<[Record<string, unknown>]>;
  readonly #lastPeriod: Statement<[string], { started_at: number }>;
  readonly #setPeriod: Statement<[string, number]>;
  readonly #anyDue: Statement<[Record<string, unknown>], unknown>;
  readonly #expire: Statement<[Record<string, unknown>]>;
  readonly #claim: Statement<[Record<string, unknown>], ClaimedRow>;
  readonly #renew: Statement<[Record<string, unknown>]>;
  readonly #complete: Statement<[Record<string, unknown>]>;
  readonly #fail: Statement<[Record<string, unknown>]>;
  readonly #release: Statement<[Record<string, unknown>]>;

  constructor({ db, clock }: { db: Database; clock: Clock }) {
    this.#db = db;
    this.#clock = clock;
    createTables(db);

    this.#insert = db.prepare(
      `INSERT INTO jobs (id, type, payload, priority, max_attempts, run_at, dedupe_key)
       VALUES (:id, :type, :payload, :priority, :maxAttempts, :runAt, :dedupeKey)
       ON CONFLICT (dedupe_key) WHERE status IN ('pending', 'running') DO NOTHING
       RETURNING id`,
    );
    this.#waiting = db.prepare(
      "SELECT id FROM jobs WHERE dedupe_key = ? AND status IN ('pending', 'running')",
    );
    this.#one = db.prepare(`${JOB} WHERE id = ?`);
    this.#dead = db.prepare(`${JOB} WHERE status = 'dead' ORDER BY seq`);
    // A key that another job holds by now is given up: a key is for one waiting job.
    this.#revive = db.prepare(
      `UPDATE jobs AS job SET status = 'pending', run_at = :now, attempts = 0, failures = 0,
         dedupe_key = CASE WHEN EXISTS (
           SELECT 1 FROM jobs AS other
           WHERE other.dedupe_key = job.dedupe_key AND other.status IN ('pending', 'running')
         ) THEN NULL ELSE dedupe_key END
       WHERE id = :id AND status = 'dead'`,
    );
    this.#lastPeriod = db.prepare('SELECT started_at FROM job_periods WHERE name = ?');
    this.#setPeriod = db.prepare(
      `INSERT INTO job_periods (name, started_at) VALUES (?, ?)
       ON CONFLICT (name) DO UPDATE SET started_at = excluded.started_at`,
    );
    this.#anyDue = db.prepare(
      `SELECT 1 WHERE EXISTS (SELECT 1 FROM jobs WHERE status = 'pending' AND run_at <= :now)
         OR EXISTS (SELECT 1 FROM jobs WHERE status = 'running' AND lease_until <= :now)`,
    );
    this.#expire = db.prepare(
      `UPDATE jobs SET failures = failures + 1, run_at = lease_until, lease_token = NULL, lease_until = NULL,
         last_error = 'the lease ran out: the worker is dead',
         status = CASE WHEN failures + 1 >= max_attempts THEN 'dead' ELSE 'pending' END
       WHERE status = 'running' AND lease_until <= :now`,
    );
    this.#claim = db.prepare(
      `UPDATE jobs SET status = 'running', attempts = attempts + 1, lease_token = :token, lease_until = :until
       WHERE seq IN (
         SELECT seq FROM jobs WHERE status = 'pending' AND run_at <= :now
         ORDER BY priority DESC, run_at, seq LIMIT :count
       )
       RETURNING seq, id, type, payload, attempts, failures, priority, run_at`,
    );
    this.#renew = db.prepare(`UPDATE jobs SET lease_until = :until WHERE ${HELD}`);
    this.#complete = db.prepare(
      `UPDATE jobs SET status = 'done', lease_token = NULL, lease_until = NULL WHERE ${HELD}`,
    );
    this.#fail = db.prepare(
      `UPDATE jobs SET failures = failures + 1, run_at = :runAt, last_error = :message,
         lease_token = NULL, lease_until = NULL,
         status = CASE WHEN failures + 1 >= max_attempts THEN 'dead' ELSE 'pending' END
       WHERE ${HELD}`,
    );
    this.#release = db.prepare(
      `UPDATE jobs SET status = 'pending', run_at = :now, lease_token = NULL, lease_until = NULL WHERE ${HELD}`,
    );
  }

  /** Stores a job, in the transaction that is open, if there is one. */
  enqueue(type: string, payload: Json, options: EnqueueOptions = {}): JobId {
    const { delayMs = 0, priority = 0, dedupeKey, maxAttempts = 5 } = options;
    if (typeof type !== 'string') throw new TypeError('the type of a job is a text');
    if (!Number.isFinite(delayMs)) throw new TypeError('delayMs is a number');
    if (!Number.isSafeInteger(priority)) throw new TypeError('priority is a whole number');
    if (!Number.isSafeInteger(maxAttempts) || maxAttempts < 1) {
      throw new TypeError('maxAttempts is a whole number from 1');
    }
    const values = {
      id: randomUUID(),
      type,
      payload: encodePayload(payload),
      priority,
      maxAttempts,
      runAt: this.#clock.now() + delayMs,
      dedupeKey: dedupeKey ?? null,
    };
    return this.#db
      .transaction((): JobId => {
        const stored = this.#insert.get(values) ?? this.#waiting.get(String(dedupeKey));
        if (stored === undefined) throw new Error('the job was not stored');
        return stored.id;
      })
      .immediate();
  }

  get(id: JobId): Job | null {
    if (typeof id !== 'string' && typeof id !== 'number') return null;
    const row = this.#one.get(id);
    return row === undefined ? null : toJob(row);
  }

  deadLetters(): Job[] {
    return this.#dead.all().map(toJob);
  }

  /** Gives a dead job a fresh start. False: there is no such dead job. */
  retryDead(id: JobId): boolean {
    if (typeof id !== 'string' && typeof id !== 'number') return false;
    return this.#revive.run({ id, now: this.#clock.now() }).changes === 1;
  }

  /** Enqueues a job once for every period of `everyMs`. Null: this period has its job already. */
  schedule(name: string, { everyMs, type, payload }: Recurring): JobId | null {
    if (!(everyMs > 0)) throw new RangeError('everyMs is a number above 0');
    // The beginning of a period can be compared even when `everyMs` was another one yesterday.
    const startedAt = Math.floor(this.#clock.now() / everyMs) * everyMs;
    if (this.#isDone(name, startedAt)) return null;
    return this.#db
      .transaction((): JobId | null => {
        if (this.#isDone(name, startedAt)) return null;
        this.#setPeriod.run(name, startedAt);
        return this.enqueue(type, payload);
      })
      .immediate();
  }

  /** For workers: claims up to `count` due jobs, in the order in which they are to be run. */
  claim(count: number, leaseMs: number): Claim[] {
    const now = this.#clock.now();
    if (count < 1 || this.#anyDue.get({ now }) === undefined) return [];
    const token = randomUUID();
    const rows = this.#db
      .transaction(() => {
        this.#expire.run({ now });
        return this.#claim.all({ now, count, token, until: now + leaseMs });
      })
      .immediate();
    return rows
      .sort((a, b) => b.priority - a.priority || a.run_at - b.run_at || a.seq - b.seq)
      .map(({ id, type, payload, attempts, failures }) => ({
        id,
        type,
        payload: JSON.parse(payload) as Json,
        attempt: attempts,
        failures,
        token,
      }));
  }

  /** For workers. False: the lease is lost. */
  renew({ id, token }: Claim, leaseMs: number): boolean {
    const now = this.#clock.now();
    return this.#renew.run({ id, token, now, until: now + leaseMs }).changes === 1;
  }

  /** For workers: the run has succeeded. Without the lease nothing changes. */
  complete({ id, token }: Claim): void {
    this.#complete.run({ id, token, now: this.#clock.now() });
  }

  /** For workers: the run has failed; the next one is `delayMs` later. Without the lease nothing changes. */
  fail({ id, token }: Claim, message: string, delayMs: number): void {
    const now = this.#clock.now();
    this.#fail.run({ id, token, now, message, runAt: now + delayMs });
  }

  /** For workers: somebody else shall do it, at once. Without the lease nothing changes. */
  release({ id, token }: Claim): void {
    this.#release.run({ id, token, now: this.#clock.now() });
  }

  #isDone(name: string, startedAt: number): boolean {
    const last = this.#lastPeriod.get(name);
    return last !== undefined && last.started_at >= startedAt;
  }
}

function toJob({ id, type, payload, status, attempts, runAt, lastError }: Row): Job {
  return { id, type, payload: JSON.parse(payload) as Json, status, attempts, runAt, lastError };
}

export function createQueue(options: { db: Database; clock: Clock }): Queue {
  return new Queue(options);
}
