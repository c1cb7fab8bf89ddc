import { randomUUID } from 'node:crypto';
import type { Server } from 'node:http';
import type { Database } from 'better-sqlite3';
import { entriesIn } from './entries.ts';
import { fitsHash, hashOf } from './scrypt-hash.ts';
import { sessionsIn } from './sessions.ts';
import type { Session } from './sessions.ts';
import { isStrong, sign, verify } from './tokens.ts';
import type { Clock } from './tokens.ts';
import { refuse, serverOf } from './web.ts';
import type { Asked, Handler, Reply } from './web.ts';

export type Dependencies = {
  db: Database;
  clock: Clock;
  keys: { access: string; refresh: string };
  hashCost?: number;
};

type User = { id: string; email: string; hash: string };
type Note = { id: string; text: string };

const ACCESS = { algorithm: 'HS256', issuer: 'backend-workbook', audience: 'api' } as const;
const expiresIn = 900;

/** A server that does not listen yet. Throws for weak secrets. */
export function createApp({ db, clock, keys, hashCost = 12 }: Dependencies): Server {
  if (![keys.access, keys.refresh].every(isStrong)) throw new Error('both secrets need 32 bytes or more');
  const users = entriesIn<User>(db, 'user by id');
  const ids = entriesIn<string>(db, 'user id by e-mail');
  const notes = entriesIn<Note>(db, 'note by user and time');
  const sessions = sessionsIn(entriesIn<Session>(db, 'session'), clock, keys.refresh);
  const nobody = hashOf(randomUUID(), hashCost);

  const pairFor = (userId: string, refreshToken: string): Reply => {
    const accessToken = sign({ sub: userId }, keys.access, { ...ACCESS, clock, expiresInSec: expiresIn });
    return { status: 200, body: { accessToken, refreshToken, expiresIn } };
  };

  const register: Handler = async ({ body: { email, password } }) => {
    if (typeof email !== 'string' || !email.includes('@')) return refuse(422, 'an e-mail has an @');
    if (typeof password !== 'string' || [...password].length < 8) return refuse(422, 'too short');
    if (password.length > 128) return refuse(422, 'too long');
    const user = { id: randomUUID(), email, hash: await hashOf(password, hashCost) };
    const added = db.transaction(() => {
      if (!ids.add(email.toLowerCase(), user.id)) return false;
      users.set(user.id, user);
      return true;
    });
    return added() ? { status: 201, body: { id: user.id, email } } : refuse(409, 'this e-mail is taken');
  };

  const login: Handler = async ({ body: { email, password } }) => {
    if (typeof email !== 'string' || typeof password !== 'string') return refuse(422, 'two texts are needed');
    const user = users.get(ids.get(email.toLowerCase()) ?? '');
    const fits = await fitsHash(password, user?.hash ?? (await nobody));
    return user !== null && fits
      ? pairFor(user.id, sessions.begin(user.id))
      : refuse(401, 'these do not go together');
  };

  const renew: Handler = ({ body: { refreshToken } }) => {
    const next = typeof refreshToken === 'string' ? sessions.renew(refreshToken) : null;
    return next === null ? refuse(401, 'log in again') : pairFor(next.userId, next.refreshToken);
  };

  const logout: Handler = ({ body: { refreshToken } }) => {
    if (typeof refreshToken === 'string') sessions.end(refreshToken);
    return { status: 204 };
  };

  /** A handler for those with a good access token. */
  const guarded =
    (handler: (user: User, asked: Asked) => Reply): Handler =>
    (asked) => {
      const [, credentials] = /^bearer(?: +(.*))?$/i.exec(asked.authorization) ?? [];
      if (credentials === undefined) return refuse(401, 'log in first', { 'WWW-Authenticate': 'Bearer' });
      const verified = verify(credentials, keys.access, { ...ACCESS, clock });
      const sub = verified.ok ? verified.payload['sub'] : null;
      const user = typeof sub === 'string' ? users.get(sub) : null;
      const challenge = 'Bearer error="invalid_token", error_description="not, or no longer, good"';
      return user === null
        ? refuse(401, 'log in again', { 'www-authenticate': challenge })
        : handler(user, asked);
    };

  const me = guarded(({ id, email }) => ({ status: 200, body: { id, email } }));

  const addNote = guarded((user, { body: { text } }) => {
    if (typeof text !== 'string') return refuse(422, 'a note has a text');
    const note = { id: randomUUID(), text };
    notes.set(`${user.id} ${String(clock.now()).padStart(16, '0')} ${note.id}`, note);
    return { status: 201, body: note };
  });

  const listNotes = guarded((user) => ({ status: 200, body: { items: notes.below(`${user.id} `) } }));

  return serverOf(
    new Map([
      ['POST /register', register],
      ['POST /login', login],
      ['POST /token/refresh', renew],
      ['POST /logout', logout],
      ['GET /me', me],
      ['POST /notes', addNote],
      ['GET /notes', listNotes],
    ]),
  );
}
