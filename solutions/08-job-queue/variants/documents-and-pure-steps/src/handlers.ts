import { createHash } from 'node:crypto';
import type { Database } from 'better-sqlite3';
import type { Handler } from './worker.ts';

export type Mail = { to: string; subject: string; text: string; idempotencyKey: string };

export type Mailer = { send(mail: Mail): Promise<unknown> };

export function createHandlers({
  db,
  mailer,
}: {
  db: Database;
  mailer: Mailer;
}): Record<'sendEmail' | 'addPoints', Handler> {
  // One row is one booking, and the trigger is a part of the statement that makes it.
  db.exec(`
    CREATE TABLE IF NOT EXISTS points (account TEXT PRIMARY KEY, total INTEGER NOT NULL);
    CREATE TABLE IF NOT EXISTS bookings (job PRIMARY KEY, account TEXT NOT NULL, points INTEGER NOT NULL) WITHOUT ROWID;
    CREATE TRIGGER IF NOT EXISTS booked AFTER INSERT ON bookings BEGIN
      INSERT INTO points VALUES (NEW.account, NEW.points) ON CONFLICT (account) DO UPDATE SET total = total + NEW.points;
    END;
  `);
  const book = db.prepare('INSERT INTO bookings VALUES (?, ?, ?) ON CONFLICT (job) DO NOTHING');
  return {
    sendEmail(payload, { id }) {
      const { to, subject, text } = payload as Omit<Mail, 'idempotencyKey'>;
      const idempotencyKey = createHash('sha256')
        .update(JSON.stringify([id, to, subject, text]))
        .digest('hex');
      return mailer.send({ to, subject, text, idempotencyKey });
    },
    addPoints(payload, { id }) {
      const { account, points } = payload as { account: string; points: number };
      book.run(id, account, points);
    },
  };
}
