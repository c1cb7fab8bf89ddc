import { createHmac, randomBytes, randomUUID } from 'node:crypto';
import type { Database } from 'better-sqlite3';

const REFRESH_TOKEN_MS = 30 * 24 * 60 * 60 * 1000;

type Row = { hash: string; session_id: string; user_id: string; expires_at: number; used: number; ended: number };

export type Sessions = ReturnType<typeof createSessions>;

/** Refresh tokens: random strings, of which the database holds an HMAC only. */
export function createSessions(db: Database, secret: string, clock: { now(): number }) {
  const insertSession = db.prepare('INSERT INTO sessions (id, user_id) VALUES (?, ?)');
  const endSession = db.prepare('UPDATE sessions SET ended = 1 WHERE id = ?');
  const insertToken = db.prepare('INSERT INTO refresh_tokens (hash, session_id, expires_at) VALUES (?, ?, ?)');
  const useToken = db.prepare('UPDATE refresh_tokens SET used = 1 WHERE hash = ?');
  const findToken = db.prepare<[string], Row>(`
    SELECT t.hash, t.session_id, s.user_id, t.expires_at, t.used, s.ended
    FROM refresh_tokens t JOIN sessions s ON s.id = t.session_id
    WHERE t.hash = ?`);

  const hashOf = (token: string) => createHmac('sha256', secret).update(token).digest('base64url');

  function issue(sessionId: string): string {
    const token = randomBytes(32).toString('base64url');
    insertToken.run(hashOf(token), sessionId, clock.now() + REFRESH_TOKEN_MS);
    return token;
  }

  const start = db.transaction((userId: string): string => {
    const sessionId = randomUUID();
    insertSession.run(sessionId, userId);
    return issue(sessionId);
  });

  // Returns instead of throwing: the end of a family has to be committed.
  const rotate = db.transaction((token: string): { userId: string; refreshToken: string } | undefined => {
    const row = findToken.get(hashOf(token));
    if (!row || row.ended) return undefined;
    if (row.used) {
      endSession.run(row.session_id);
      return undefined;
    }
    if (clock.now() >= row.expires_at) return undefined;
    useToken.run(row.hash);
    return { userId: row.user_id, refreshToken: issue(row.session_id) };
  });

  return {
    start: (userId: string) => start.immediate(userId),
    rotate: (token: string) => rotate.immediate(token),
    end(token: string): void {
      const row = findToken.get(hashOf(token));
      if (row) endSession.run(row.session_id);
    },
  };
}
