import type { Database } from 'better-sqlite3';
import { makeTables } from './queue.ts';
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

const TABLES = `
  CREATE TABLE IF NOT EXISTS points (account TEXT PRIMARY KEY, total INTEGER NOT NULL);
  CREATE TABLE IF NOT EXISTS queue_points_added (job TEXT PRIMARY KEY);
`;

export function createHandlers(options: {
  db: Database;
  mailer: Mailer;
}): Record<'sendEmail' | 'addPoints', Handler> {
  const { db, mailer } = options;
  makeTables(db, TABLES);
  const mark = db.prepare('INSERT INTO queue_points_added (job) VALUES (?) ON CONFLICT DO NOTHING');
  const add = db.prepare(`
    INSERT INTO points (account, total) VALUES (@account, @points)
    ON CONFLICT (account) DO UPDATE SET total = total + @points`);
  // The points and the note that they were added are in one transaction: both are there or none.
  const addOnce = db.transaction((job: string, account: string, points: number) => {
    if (mark.run(job).changes === 1) add.run({ account, points });
  });

  return {
    async sendEmail(payload, run) {
      const { to, subject, text } = payload as { to: string; subject: string; text: string };
      // The same for every run of this job. After a crash nobody knows whether the mail went out.
      await mailer.send({ to, subject, text, idempotencyKey: `job-${run.id}` });
    },
    async addPoints(payload, run) {
      const { account, points } = payload as { account: string; points: number };
      if (typeof account !== 'string' || !Number.isSafeInteger(points)) {
        throw new TypeError('the payload is { account, points }, a text and a whole number');
      }
      // Somebody else's transaction on this connection could be rolled back after the job is done.
      if (db.inTransaction) throw new Error('the database is busy: a transaction is open on its connection');
      addOnce.immediate(String(run.id), account, points);
    },
  };
}
