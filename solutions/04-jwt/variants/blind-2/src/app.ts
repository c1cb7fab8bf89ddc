import { randomUUID } from 'node:crypto';
import bcrypt from 'bcryptjs';
import type { Database } from 'better-sqlite3';
import express from 'express';
import { sign, verify } from './tokens.ts';

/** What the API is given from outside. */
export type Dependencies = {
  /** An open database; its file is empty the first time. */
  db: Database;
  /** Milliseconds since 1970. */
  clock: { now(): number };
  /** Two secrets: one for each kind of token. */
  keys: { access: string; refresh: string };
  /** The cost of a password hash, as bcrypt counts it. */
  hashCost?: number;
};

type User = { id: number; email: string; hash: string };
type RefreshRow = { jti: string; family: string; user_id: number; used: number; revoked: number };

const ISSUER = 'backend-workbook';
const ACCESS_SEC = 900;
const REFRESH_SEC = 30 * 24 * 60 * 60;

/** Builds the app and does not start it: whoever calls this decides where it listens. */
export function createApp({ db, clock, keys, hashCost = 12 }: Dependencies): express.Express {
  // R16
  if (Buffer.byteLength(keys.access) < 32 || Buffer.byteLength(keys.refresh) < 32) {
    throw new Error('keys.access and keys.refresh need 32 bytes or more');
  }

  db.exec(`
    CREATE TABLE IF NOT EXISTS users (
      id INTEGER PRIMARY KEY AUTOINCREMENT, email TEXT NOT NULL, email_key TEXT NOT NULL UNIQUE, hash TEXT NOT NULL);
    CREATE TABLE IF NOT EXISTS notes (
      id INTEGER PRIMARY KEY AUTOINCREMENT, user_id INTEGER NOT NULL, text TEXT NOT NULL);
    CREATE TABLE IF NOT EXISTS refresh_tokens (
      jti TEXT PRIMARY KEY, family TEXT NOT NULL, user_id INTEGER NOT NULL,
      used INTEGER NOT NULL DEFAULT 0, revoked INTEGER NOT NULL DEFAULT 0);
  `);

  const app = express();
  app.use(express.json());

  const findByEmail = (email: string) =>
    db.prepare('SELECT id, email, hash FROM users WHERE email_key = ?').get(email.toLowerCase()) as User | undefined;
  // Somebody to compare with when nobody has that e-mail, so that both failures take as long.
  const dummyHash = bcrypt.hashSync(randomUUID(), hashCost);

  // R4, R17
  app.post('/register', async (request, response) => {
    const { email, password } = request.body ?? {};
    if (typeof email !== 'string' || !email.includes('@')) {
      response.status(400).json({ error: 'email is not valid' });
      return;
    }
    if (typeof password !== 'string' || [...password].length < 8 || Buffer.byteLength(password) > 72) {
      response.status(400).json({ error: 'the password needs 8 characters or more and 72 bytes or fewer' });
      return;
    }
    if (findByEmail(email)) {
      response.status(409).json({ error: 'email is taken' });
      return;
    }
    const hash = await bcrypt.hash(password, hashCost);
    const result = db
      .prepare('INSERT INTO users (email, email_key, hash) VALUES (?, ?, ?) ON CONFLICT (email_key) DO NOTHING')
      .run(email, email.toLowerCase(), hash);
    if (result.changes === 0) {
      response.status(409).json({ error: 'email is taken' });
      return;
    }
    response.status(201).json({ id: Number(result.lastInsertRowid), email });
  });

  function makeTokens(userId: number, family: string) {
    const accessToken = sign({ sub: String(userId), jti: randomUUID() }, keys.access, {
      algorithm: 'HS256', clock, expiresInSec: ACCESS_SEC, issuer: ISSUER, audience: 'api',
    });
    const jti = randomUUID();
    const refreshToken = sign({ sub: String(userId), jti }, keys.refresh, {
      algorithm: 'HS256', clock, expiresInSec: REFRESH_SEC, issuer: ISSUER, audience: 'refresh',
    });
    db.prepare('INSERT INTO refresh_tokens (jti, family, user_id) VALUES (?, ?, ?)').run(jti, family, userId);
    return { accessToken, refreshToken, expiresIn: ACCESS_SEC };
  }

  // R5, R6
  app.post('/login', async (request, response) => {
    const { email, password } = request.body ?? {};
    if (typeof email !== 'string' || typeof password !== 'string') {
      response.status(400).json({ error: 'email and password are needed' });
      return;
    }
    const user = findByEmail(email);
    const matches = await bcrypt.compare(password, user ? user.hash : dummyHash);
    // bcrypt reads 72 bytes only, so a longer password is never the right one.
    if (!user || !matches || Buffer.byteLength(password) > 72) {
      response.status(401).json({ error: 'wrong email or password' });
      return;
    }
    response.set('Cache-Control', 'no-store').json(makeTokens(user.id, randomUUID()));
  });

  // R7, R18
  const needsToken: express.RequestHandler = (request, response, next) => {
    const match = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '');
    if (!match) {
      response.status(401).set('WWW-Authenticate', 'Bearer').json({ error: 'a token is needed' });
      return;
    }
    const result = verify(match[1]!, keys.access, { algorithm: 'HS256', clock, issuer: ISSUER, audience: 'api' });
    const sub = result.ok ? result.payload.sub : undefined;
    const user =
      typeof sub === 'string' && /^[1-9][0-9]{0,14}$/.test(sub)
        ? (db.prepare('SELECT id, email FROM users WHERE id = ?').get(Number(sub)) as User | undefined)
        : undefined;
    if (!user) {
      response.status(401).set('WWW-Authenticate', 'Bearer error="invalid_token"').json({ error: 'the token is not valid' });
      return;
    }
    response.locals.user = { id: user.id, email: user.email };
    next();
  };

  app.get('/me', needsToken, (request, response) => {
    response.json(response.locals.user);
  });

  // R8
  app.post('/notes', needsToken, (request, response) => {
    const { text } = request.body ?? {};
    if (typeof text !== 'string') {
      response.status(400).json({ error: 'text is needed' });
      return;
    }
    const result = db.prepare('INSERT INTO notes (user_id, text) VALUES (?, ?)').run(response.locals.user.id, text);
    response.status(201).json({ id: Number(result.lastInsertRowid), text });
  });

  app.get('/notes', needsToken, (request, response) => {
    const items = db.prepare('SELECT id, text FROM notes WHERE user_id = ? ORDER BY id').all(response.locals.user.id);
    response.json({ items });
  });

  function findRefresh(token: unknown): RefreshRow | undefined {
    if (typeof token !== 'string') return undefined;
    const result = verify(token, keys.refresh, { algorithm: 'HS256', clock, issuer: ISSUER, audience: 'refresh' });
    if (!result.ok || typeof result.payload.jti !== 'string') return undefined;
    return db.prepare('SELECT * FROM refresh_tokens WHERE jti = ?').get(result.payload.jti) as RefreshRow | undefined;
  }

  function endFamily(family: string) {
    db.prepare('UPDATE refresh_tokens SET revoked = 1 WHERE family = ?').run(family);
  }

  // R19, R20. No await between the look-up and the update: nobody can come in between.
  app.post('/token/refresh', (request, response) => {
    const row = findRefresh(request.body?.refreshToken);
    if (row && row.used) endFamily(row.family);
    if (!row || row.used || row.revoked) {
      response.status(401).json({ error: 'the refresh token is not valid' });
      return;
    }
    const tokens = db.transaction(() => {
      db.prepare('UPDATE refresh_tokens SET used = 1 WHERE jti = ?').run(row.jti);
      return makeTokens(row.user_id, row.family);
    })();
    response.set('Cache-Control', 'no-store').json(tokens);
  });

  // R21
  app.post('/logout', (request, response) => {
    const row = findRefresh(request.body?.refreshToken);
    if (row) endFamily(row.family);
    response.status(204).end();
  });

  // Answers give nothing away: no stack, no part of the body.
  app.use(((error, request, response, next) => {
    const status = typeof error?.status === 'number' ? error.status : 500;
    response.status(status).json({ error: status < 500 ? 'bad request' : 'something went wrong' });
  }) as express.ErrorRequestHandler);

  return app;
}
