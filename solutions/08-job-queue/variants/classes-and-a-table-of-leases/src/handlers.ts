import type { Database } from 'better-sqlite3';
import type { Handler } from './worker.ts';

export type Mail = { to: string; subject: string; text: string; idempotencyKey: string };

export type Mailer = { send(mail: Mail): Promise<unknown> };

export class Handlers {
  readonly #db: Database;
  readonly #mailer: Mailer;

  constructor(db: Database, mailer: Mailer) {
    this.#db = db;
    this.#mailer = mailer;
    db.exec(`
      CREATE TABLE IF NOT EXISTS points (account TEXT PRIMARY KEY, total INTEGER NOT NULL);
      CREATE TABLE IF NOT EXISTS jobs_with_points (job TEXT PRIMARY KEY);
    `);
  }

  readonly sendEmail: Handler = async (payload, run) => {
    const { to, subject, text } = payload as Omit<Mail, 'idempotencyKey'>;
    await this.#mailer.send({ to, subject, text, idempotencyKey: `mail-of-job-${run.id}` });
  };

  readonly addPoints: Handler = (payload, run) => {
    const { account, points } = payload as { account: string; points: number };
    const add = this.#db.transaction(() => {
      const first = this.#db.prepare('INSERT OR IGNORE INTO jobs_with_points VALUES (?)').run(String(run.id));
      if (first.changes === 0) return;
      this.#db
        .prepare('INSERT INTO points VALUES (?, ?) ON CONFLICT DO UPDATE SET total = total + excluded.total')
        .run(account, points);
    });
    add.immediate();
  };
}

export function createHandlers(options: { db: Database; mailer: Mailer }): Handlers {
  return new Handlers(options.db, options.mailer);
}
