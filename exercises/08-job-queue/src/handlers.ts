import type { Database } from 'better-sqlite3';
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

export function createHandlers(options: {
  db: Database;
  mailer: Mailer;
}): Record<'sendEmail' | 'addPoints', Handler> {
  // TODO R17: make the table points when it is missing.
  return {
    async sendEmail(payload, run) {
      // TODO R10: payload is { to, subject, text }. What if the process dies right after this call, and the job runs again?
    },
    async addPoints(payload, run) {
      // TODO R17: payload is { account, points }. Add them, once for each job.
    },
  };
}
