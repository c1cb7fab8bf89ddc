import type { Database } from 'better-sqlite3';
import type { Json } from './queue.ts';
import type { Handler } from './worker.ts';

export type Mail = {
  to: string;
  subject: string;
  text: string;
  /** Two calls with the same key, from 1 to 255 characters, make one mail. */
  idempotencyKey: string;
};

/** Somebody else's service, over the network. */
export type Mailer = { send(mail: Mail): Promise<unknown> };

/** The points of accounts, and which jobs have added theirs. */
class PointsLedger {
  readonly #addOnce: (jobId: string, account: string, points: number) => void;

  constructor(db: Database) {
    const known = db.prepare(
      "SELECT count(*) AS n FROM sqlite_schema WHERE name IN ('points', 'points_jobs')",
    );
    if ((known.get() as { n: number }).n < 2) {
      const create = db.transaction(() =>
        db.exec(`
          CREATE TABLE IF NOT EXISTS points (account TEXT PRIMARY KEY, total INTEGER NOT NULL);
          CREATE TABLE IF NOT EXISTS points_jobs (job_id TEXT PRIMARY KEY);
        `),
      );
      create.immediate();
    }
    const note = db.prepare('INSERT INTO points_jobs (job_id) VALUES (?) ON CONFLICT DO NOTHING');
    const add = db.prepare(
      `INSERT INTO points (account, total) VALUES (?, ?)
       ON CONFLICT (account) DO UPDATE SET total = total + excluded.total`,
    );
    // The note and the points come together or not at all.
    const both = db.transaction((jobId: string, account: string, points: number) => {
      if (note.run(jobId).changes === 1) add.run(account, points);
    });
    this.#addOnce = both.immediate;
  }

  add(jobId: string, account: string, points: number): void {
    this.#addOnce(jobId, account, points);
  }
}

function membersOf(payload: Json): { [key: string]: Json } {
  if (typeof payload === 'object' && payload !== null && !Array.isArray(payload)) return payload;
  throw new TypeError('the payload is no object');
}

function textIn(payload: Json, name: string): string {
  const value = membersOf(payload)[name];
  if (typeof value !== 'string') throw new TypeError(`${name} is no text`);
  return value;
}

export function createHandlers({
  db,
  mailer,
}: {
  db: Database;
  mailer: Mailer;
}): Record<'sendEmail' | 'addPoints', Handler> {
  const ledger = new PointsLedger(db);
  return {
    async sendEmail(payload, run) {
      await mailer.send({
        to: textIn(payload, 'to'),
        subject: textIn(payload, 'subject'),
        text: textIn(payload, 'text'),
        // The same in every run of this job, and in no other job.
        idempotencyKey: `send-email-${run.id}`,
      });
    },
    async addPoints(payload, run) {
      const points = membersOf(payload)['points'];
      if (typeof points !== 'number' || !Number.isSafeInteger(points)) {
        throw new TypeError('points is no whole number');
      }
      ledger.add(String(run.id), textIn(payload, 'account'), points);
    },
  };
}
