import { randomUUID } from 'node:crypto';
import type { Database } from 'better-sqlite3';
import express from 'express';
import type { RequestHandler, Response, Router } from 'express';
import { ACCESS_TOKEN_SECONDS, type AccessTokens } from './access-tokens.ts';
import { currentUser } from './auth.ts';
import { createHasher, isAcceptable } from './passwords.ts';
import type { Sessions } from './sessions.ts';
import { stringField } from './body.ts';

type Needs = {
  db: Database;
  accessTokens: AccessTokens;
  sessions: Sessions;
  auth: RequestHandler;
  hashCost: number;
};

/** /register, /login, /me, /token/refresh and /logout. */
export function accountRoutes({ db, accessTokens, sessions, auth, hashCost }: Needs): Router {
  const router = express.Router();
  const json = express.json();
  const hasher = createHasher(hashCost);
  const findByEmail = db.prepare<[string], { id: string; password_hash: string }>(
    'SELECT id, password_hash FROM users WHERE email_key = ?',
  );
  const insertUser = db.prepare(
    'INSERT INTO users (id, email, email_key, password_hash) VALUES (?, ?, ?, ?) ON CONFLICT (email_key) DO NOTHING',
  );

  function sendTokens(response: Response, userId: string, refreshToken: string): void {
    response
      .set('Cache-Control', 'no-store')
      .json({ accessToken: accessTokens.issue(userId), refreshToken, expiresIn: ACCESS_TOKEN_SECONDS });
  }

  router.post('/register', json, async (request, response) => {
    const email = stringField(request, 'email');
    const password = stringField(request, 'password');
    if (email === undefined || password === undefined || !email.includes('@') || !isAcceptable(password)) {
      response.status(400).json({ error: 'an e-mail and a password of 8 characters up to 72 bytes are needed' });
      return;
    }
    const key = emailKey(email);
    if (!findByEmail.get(key)) {
      const id = randomUUID();
      // Hashing takes a while; somebody else may have been faster.
      const { changes } = insertUser.run(id, email, key, await hasher.hash(password));
      if (changes === 1) {
        response.status(201).json({ id, email });
        return;
      }
    }
    response.status(409).json({ error: 'this e-mail is taken' });
  });

  router.post('/login', json, async (request, response) => {
    const email = stringField(request, 'email');
    const password = stringField(request, 'password');
    if (email === undefined || password === undefined) {
      response.status(400).json({ error: 'an e-mail and a password are needed' });
      return;
    }
    const user = findByEmail.get(emailKey(email));
    const good = await hasher.matches(password, user?.password_hash);
    if (!user || !good) {
      response.status(401).json({ error: 'wrong e-mail or password' });
      return;
    }
    sendTokens(response, user.id, sessions.start(user.id));
  });

  router.get('/me', auth, (_request, response) => {
    const { id, email } = currentUser(response);
    response.json({ id, email });
  });

  router.post('/token/refresh', json, (request, response) => {
    const token = stringField(request, 'refreshToken');
    const renewed = token === undefined ? undefined : sessions.rotate(token);
    if (!renewed) {
      response.status(401).json({ error: 'this refresh token is no good' });
      return;
    }
    sendTokens(response, renewed.userId, renewed.refreshToken);
  });

  router.post('/logout', json, (request, response) => {
    const token = stringField(request, 'refreshToken');
    if (token !== undefined) sessions.end(token);
    response.status(204).end();
  });

  return router;
}

function emailKey(email: string): string {
  return email.toLowerCase();
}
