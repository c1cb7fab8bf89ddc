import { randomUUID } from 'node:crypto';
import type { Database, Statement } from 'better-sqlite3';
import { jsonText } from './json.ts';
import type { Json } from './json.ts';

export type { Json };

export type Clock = { now(): number; sleep(ms: number): Promise<void> };

export type JobId = string | number;

export type Job = {
  id: JobId;
  type: string;
  payload: Json;
  status: 'pending' | 'running' | 'done' | 'dead';
  attempts: number;
  runAt: number;
  lastError: string | null;
};

export type EnqueueOptions = {
  delayMs?: number;
  priority?: number;
  dedupeKey?: string;
  maxAttempts?: number;
};

/** A job in the hands of a worker. The token tells this claim from every other one of the same job. */
export type Lease = {
  token: string;
  id: JobId;
  type: string;
  payload: Json;
  attempt: number;
  failures: number;
};

type Task = {
  seq: number;
  id: string;
  type: string;
  payload: string;
  due: number;
  runs: number;
  failures: number;
  patience: number;
  outcome: 'done' | 'dead' | null;
  error: string | null;
  token: string | null;
};

const TABLES = `
  CREATE TABLE IF NOT EXISTS tasks (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    type TEXT NOT NULL,
    payload TEXT NOT NULL,
    priority INTEGER NOT NULL,
    due INTEGER NOT NULL,
    dedupe TEXT,
    patience INTEGER NOT NULL,
    runs INTEGER NOT NULL DEFAULT 0,
    failures INTEGER NOT NULL DEFAULT 0,
    outcome TEXT,
    error TEXT
  );
  CREATE TABLE IF NOT EXISTS leases (
    task INTEGER PRIMARY KEY REFERENCES tasks,
    token TEXT NOT NULL,
    ends INTEGER NOT NULL
  );
  CREATE TABLE IF NOT EXISTS series (name TEXT PRIMARY KEY, period INTEGER NOT NULL);
`;

/** A task without an outcome waits, unless a row in `leases` says that somebody has it. */
const TASK = 'SELECT tasks.*, leases.token FROM tasks LEFT JOIN leases ON leases.task = tasks.seq';

export class SqliteQueue {
  readonly #db: Database;
  readonly #clock: Clock;
  readonly #statements = new Map<string, Statement>();

  constructor(db: Database, clock: Clock) {
    this.#db = db;
    this.#clock = clock;
    db.exec(TABLES);
  }

  enqueue(type: string, payload: Json, options: EnqueueOptions = {}): JobId {
    const text = jsonText(payload);
    const { delayMs = 0, priority = 0, dedupeKey, maxAttempts = 5 } = options;
    return this.#atomically(() => {
      if (dedupeKey !== undefined) {
        const same = this.#sql('SELECT id FROM tasks WHERE dedupe = ? AND outcome IS NULL').get(dedupeKey);
        if (same) return (same as Task).id;
      }
      const id = randomUUID();
      this.#sql(
        'INSERT INTO tasks (id, type, payload, priority, due, dedupe, patience) VALUES (?, ?, ?, ?, ?, ?, ?)',
      ).run(id, type, text, priority, this.#clock.now() + delayMs, dedupeKey ?? null, maxAttempts);
      return id;
    });
  }

  get(id: JobId): Job | null {
    const task = this.#sql(`${TASK} WHERE tasks.id = ?`).get(String(id)) as Task | undefined;
    return task ? job(task) : null;
  }

  deadLetters(): Job[] {
    return (this.#sql(`${TASK} WHERE tasks.outcome = 'dead'`).all() as Task[]).map(job);
  }

  retryDead(id: JobId): boolean {
    const { changes } = this.#sql(
      "UPDATE tasks SET outcome = NULL, runs = 0, failures = 0, due = ? WHERE id = ? AND outcome = 'dead'",
    ).run(this.#clock.now(), String(id));
    return changes === 1;
  }

  schedule(name: string, { everyMs, type, payload }: { everyMs: number; type: string; payload: Json }) {
    const period = Math.floor(this.#clock.now() / everyMs);
    return this.#atomically(() => {
      const { changes } = this.#sql(
        `INSERT INTO series (name, period) VALUES (?, ?)
         ON CONFLICT (name) DO UPDATE SET period = excluded.period WHERE excluded.period > period`,
      ).run(name, period);
      return changes === 0 ? null : this.enqueue(type, payload);
    });
  }

  /** For workers: at most so many due jobs, each under a lease of its own. */
  claim(places: number, leaseMs: number): Lease[] {
    return this.#atomically(() => {
      const now = this.#clock.now();
      this.#collectLost(now);
      const due = this.#sql(
        `${TASK} WHERE tasks.outcome IS NULL AND leases.token IS NULL AND tasks.due <= ?
         ORDER BY tasks.priority DESC, tasks.due, tasks.seq LIMIT ?`,
      ).all(now, places) as Task[];
      return due.map((task) => {
        const token = randomUUID();
        this.#sql('INSERT INTO leases (task, token, ends) VALUES (?, ?, ?)').run(
          task.seq,
          token,
          now + leaseMs,
        );
        this.#sql('UPDATE tasks SET runs = runs + 1 WHERE seq = ?').run(task.seq);
        const { id, type, failures } = task;
        return {
          token,
          id,
          type,
          payload: JSON.parse(task.payload) as Json,
          attempt: task.runs + 1,
          failures,
        };
      });
    });
  }

  /** For workers: a longer lease; false when it is not theirs any more. */
  renew({ token }: Lease, leaseMs: number): boolean {
    const now = this.#clock.now();
    return (
      this.#sql('UPDATE leases SET ends = ? WHERE token = ? AND ends > ?').run(now + leaseMs, token, now)
        .changes === 1
    );
  }

  /** For workers: it went well. */
  finish(lease: Lease): void {
    this.#giveUp(lease, (seq) => this.#sql("UPDATE tasks SET outcome = 'done' WHERE seq = ?").run(seq));
  }

  /** For workers: it failed, and may be tried again after `waitMs`. */
  fail(lease: Lease, error: string, waitMs: number): void {
    this.#giveUp(lease, (seq) =>
      this.#sql(
        `UPDATE tasks SET failures = failures + 1, error = ?, due = ?,
           outcome = CASE WHEN failures + 1 >= patience THEN 'dead' END
         WHERE seq = ?`,
      ).run(error, this.#clock.now() + waitMs, seq),
    );
  }

  /** For workers: it has not ended, and somebody else shall do it. */
  giveBack(lease: Lease): void {
    this.#giveUp(lease, (seq) =>
      this.#sql('UPDATE tasks SET due = ? WHERE seq = ?').run(this.#clock.now(), seq),
    );
  }

  #giveUp({ token }: Lease, write: (seq: number) => void): void {
    this.#atomically(() => {
      const row = this.#sql('DELETE FROM leases WHERE token = ? AND ends > ? RETURNING task').get(
        token,
        this.#clock.now(),
      );
      if (row) write((row as { task: number }).task);
    });
  }

  /** Leases that have run out: their workers are dead, and each is a failed attempt. */
  #collectLost(now: number): void {
    const lost = this.#sql('DELETE FROM leases WHERE ends <= ? RETURNING task, ends').all(now);
    for (const { task, ends } of lost as { task: number; ends: number }[]) {
      this.#sql(
        `UPDATE tasks SET failures = failures + 1, error = 'the worker was lost', due = ?,
           outcome = CASE WHEN failures + 1 >= patience THEN 'dead' END
         WHERE seq = ?`,
      ).run(ends, task);
    }
  }

  #atomically<T>(work: () => T): T {
    return this.#db.transaction(work).immediate();
  }

  #sql(text: string): Statement {
    const known = this.#statements.get(text) ?? this.#db.prepare(text);
    this.#statements.set(text, known);
    return known;
  }
}

export type Queue = SqliteQueue;

export function createQueue(options: { db: Database; clock: Clock }): Queue {
  return new SqliteQueue(options.db, options.clock);
}

function job({ id, type, payload, due, runs, outcome, error, token }: Task): Job {
  const status = outcome ?? (token === null ? 'pending' : 'running');
  return {
    id,
    type,
    payload: JSON.parse(payload) as Json,
    status,
    attempts: runs,
    runAt: due,
    lastError: error,
  };
}
