import { randomUUID } from 'node:crypto';
import type { Entries } from './entries.ts';
import { mac, sameText } from './tokens.ts';
import type { Clock } from './tokens.ts';

/** One login. Of its refresh tokens the one with `count` is good, until `end` (milliseconds since 1970). */
export type Session = { userId: string; count: number; end: number };

export type Sessions = {
  begin(userId: string): string;
  /** The user and the next refresh token, or null. A token that was used before ends its session. */
  renew(token: string): { userId: string; refreshToken: string } | null;
  end(token: string): void;
};

const THIRTY_DAYS = 30 * 86_400_000;

export function sessionsIn(entries: Entries<Session>, clock: Clock, key: string): Sessions {
  const written = (id: string, count: number): string => {
    const text = `${id}.${count}`;
    return `${text}.${mac(text, key)}`;
  };
  const read = (token: string): { id: string; count: number } | null => {
    const [id = '', count = ''] = token.split('.');
    return sameText(token, written(id, Number(count))) ? { id, count: Number(count) } : null;
  };
  const issue = (id: string, userId: string, count: number): string => {
    entries.set(id, { userId, count, end: clock.now() + THIRTY_DAYS });
    return written(id, count);
  };
  return {
    begin: (userId) => issue(randomUUID(), userId, 0),
    renew: (token) => {
      const found = read(token);
      const session = found === null ? null : entries.get(found.id);
      if (found === null || session === null) return null;
      if (found.count !== session.count || clock.now() >= session.end) {
        entries.delete(found.id);
        return null;
      }
      return { userId: session.userId, refreshToken: issue(found.id, session.userId, session.count + 1) };
    },
    end: (token) => {
      const found = read(token);
      if (found !== null) entries.delete(found.id);
    },
  };
}
