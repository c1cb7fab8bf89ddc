import type { Database } from 'better-sqlite3';
import type { Handler } from './worker.ts';

export type Mail = { to: string; subject: string; text: string; idempotencyKey: string };

/** Somebody else's service, over the network. */
export type Mailer = { send(mail: Mail): Promise<unknown> };

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS points (account TEXT PRIMARY KEY, total INTEGER NOT NULL);
  CREATE TABLE IF NOT EXISTS points_added (job_id TEXT PRIMARY KEY);
`;

export function createHandlers({
  db,
  mailer,
}: {
  db: Database;
  mailer: Mailer;
}): Record<'sendEmail' | 'addPoints', Handler> {
  db.exec(SCHEMA);
  const noteJob = db.prepare('INSERT INTO points_added (job_id) VALUES (?) ON CONFLICT DO NOTHING');
  const add = db.prepare(`
    INSERT INTO points (account, total) VALUES (@account, @points)
    ON CONFLICT (account) DO UPDATE SET total = total + excluded.total`);

  // The note and the points lie in one database, so one transaction makes both true at the same moment.
  const addOnce = db.transaction((jobId: string, what: { account: string; points: number }) => {
    if (noteJob.run(jobId).changes === 1) add.run(what);
  });

  return {
    /** The mail lies with somebody else: no transaction reaches it. The mailer remembers the key for us. */
    async sendEmail(payload, { id }) {
      const { to, subject, text } = payload as Omit<Mail, 'idempotencyKey'>;
      await mailer.send({ to, subject, text, idempotencyKey: `job-${id}` });
    },
    addPoints(payload, { id }) {
      const { account, points } = payload as { account: string; points: number };
      addOnce.immediate(id, { account, points });
    },
  };
}
