import { randomUUID } from 'node:crypto';
import type { Database } from 'better-sqlite3';
import { textOf, type Json } from './payload.ts';
import { SCHEMA, type JobRow } from './schema.ts';

/** The time, moved by whoever made it: milliseconds since 1970, and a wait of so many milliseconds. */
export type Clock = { now(): number; sleep(ms: number): Promise<void> };

export type { Json };
export type JobId = string;
export type JobStatus = JobRow['status'];

export type Job = {
  id: JobId;
  type: string;
  payload: Json;
  status: JobStatus;
  /** How many runs have begun. */
  attempts: number;
  /** Not before this time, in milliseconds since 1970. */
  runAt: number;
  lastError: string | null;
};

/** A job that belongs to one worker, until its lease is over. `lease` is what the worker shows when it comes back. */
export type Claim = { lease: string; id: JobId; type: string; payload: Json; attempt: number };

export type EnqueueOptions = {
  delayMs?: number;
  priority?: number;
  dedupeKey?: string;
  maxAttempts?: number;
};
export type Recurring = { everyMs: number; type: string; payload: Json };

export type Queue = ReturnType<typeof createQueue>;

export function createQueue({ db, clock }: { db: Database; clock: Clock }) {
  db.exec(SCHEMA);

  // On a conflict nothing changes, but the row that is there already is the one that RETURNING shows.
  const insert = db.prepare<unknown[], { id: JobId }>(`
    INSERT INTO jobs (id, type, payload, priority, run_at, max_attempts, dedupe_key)
    VALUES (@id, @type, @payload, @priority, @runAt, @maxAttempts, @dedupeKey)
    ON CONFLICT (dedupe_key) WHERE status IN ('pending', 'running') DO UPDATE SET dedupe_key = excluded.dedupe_key
    RETURNING id`);

  const find = db.prepare<unknown[], JobRow>('SELECT * FROM jobs WHERE id = ?');
  const findDead = db.prepare<unknown[], JobRow>("SELECT * FROM jobs WHERE status = 'dead'");

  const revive = db.prepare(`
    UPDATE jobs SET status = 'pending', attempts = 0, run_at = @now
    WHERE id = @id AND status = 'dead' AND NOT EXISTS (
      SELECT 1 FROM jobs AS other WHERE other.dedupe_key = jobs.dedupe_key AND other.status IN ('pending', 'running')
    )`);

  // "Newer" and not "another": the clock of a machine that is behind must not bring an old period back.
  const reach = db.prepare(`
    INSERT INTO periods (name, number) VALUES (@name, @number)
    ON CONFLICT (name) DO UPDATE SET number = excluded.number WHERE excluded.number > periods.number`);

  const bury = db.prepare(`
    UPDATE jobs SET lease = NULL, run_at = lease_until, last_error = 'its worker died',
      status = iif(attempts < max_attempts, 'pending', 'dead')
    WHERE status = 'running' AND lease_until <= @now`);

  // One statement: SQLite lets nobody else write between the look and the change.
  const claim = db.prepare<unknown[], JobRow>(`
    UPDATE jobs SET status = 'running', attempts = attempts + 1, lease = @lease, lease_until = @until
    WHERE seq = (
      SELECT seq FROM jobs WHERE status = 'pending' AND run_at <= @now
      ORDER BY priority DESC, run_at, seq LIMIT 1
    )
    RETURNING *`);

  // All that a worker says about a job names the lease. Whoever has lost it changes no row.
  const renew = db.prepare('UPDATE jobs SET lease_until = @until WHERE lease = @lease');
  const complete = db.prepare("UPDATE jobs SET status = 'done', lease = NULL WHERE lease = @lease");
  const fail = db.prepare(`
    UPDATE jobs SET lease = NULL, last_error = @error, run_at = @runAt,
      status = iif(attempts < max_attempts, 'pending', 'dead')
    WHERE lease = @lease`);
  const giveBack = db.prepare(`
    UPDATE jobs SET status = 'pending', lease = NULL, run_at = @now, attempts = attempts - 1 WHERE lease = @lease`);

  /** Synchronous, as all of better-sqlite3 is: it takes part in the transaction that is open on `db`. */
  function enqueue(
    type: string,
    payload: Json,
    { delayMs = 0, priority = 0, dedupeKey, maxAttempts = 5 }: EnqueueOptions = {},
  ): JobId {
    const row = insert.get({
      id: randomUUID(),
      type,
      payload: textOf(payload),
      priority,
      runAt: clock.now() + delayMs,
      maxAttempts,
      dedupeKey: dedupeKey ?? null,
    });
    if (row === undefined) throw new Error('the database returned no id');
    return row.id;
  }

  // Both or neither: a period that is marked without its job would be lost.
  const enqueueOnce = db.transaction((name: string, { everyMs, type, payload }: Recurring): JobId | null => {
    const { changes } = reach.run({ name, number: Math.floor(clock.now() / everyMs) });
    return changes === 0 ? null : enqueue(type, payload);
  });

  return {
    enqueue,
    get: (id: JobId): Job | null => {
      const row = find.get(id);
      return row === undefined ? null : jobOf(row);
    },
    deadLetters: (): Job[] => findDead.all().map(jobOf),
    retryDead: (id: JobId): boolean => revive.run({ id, now: clock.now() }).changes === 1,
    schedule: (name: string, recurring: Recurring): JobId | null => enqueueOnce.immediate(name, recurring),

    // What follows is for workers.

    /** The next job that is due, for so long. Jobs of dead workers are due again. */
    claim(leaseMs: number): Claim | null {
      const now = clock.now();
      bury.run({ now });
      const lease = randomUUID();
      const row = claim.get({ lease, now, until: now + leaseMs });
      if (row === undefined) return null;
      return { lease, id: row.id, type: row.type, payload: jobOf(row).payload, attempt: row.attempts };
    },
    /** False: the lease is lost. */
    renew: ({ lease }: Claim, leaseMs: number): boolean =>
      renew.run({ lease, until: clock.now() + leaseMs }).changes === 1,
    complete({ lease }: Claim): void {
      complete.run({ lease });
    },
    /** `waitMs`: how long until the next attempt, if there is one. */
    fail({ lease }: Claim, error: string, waitMs: number): void {
      fail.run({ lease, error, runAt: clock.now() + waitMs });
    },
    giveBack({ lease }: Claim): void {
      giveBack.run({ lease, now: clock.now() });
    },
  };
}

function jobOf({ id, type, payload, status, attempts, run_at, last_error }: JobRow): Job {
  return {
    id,
    type,
    payload: JSON.parse(payload) as Json,
    status,
    attempts,
    runAt: run_at,
    lastError: last_error,
  };
}
