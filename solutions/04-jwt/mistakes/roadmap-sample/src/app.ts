import { randomBytes, randomUUID } from 'node:crypto';
import { compare, hash } from 'bcryptjs';
import type { Database } from 'better-sqlite3';
import express from 'express';
import type { NextFunction, Request, Response } from 'express';
import jwt from 'jsonwebtoken';
import { Store } from './store.ts';

const DEFAULT_SECRET = 'your-secret-key';
const SALT_ROUNDS = 12;

export type Dependencies = {
  db: Database;
  clock: { now(): number };
  keys: { access: string; refresh: string };
  hashCost?: number;
};

export function createApp({ db, clock, keys, hashCost = SALT_ROUNDS }: Dependencies): express.Express {
  const SECRET = keys.access || DEFAULT_SECRET;
  const store = new Store(db);
  const app = express();
  app.use(express.json());

  function tokensFor(userId: string, family: string): object {
    const accessToken = jwt.sign({ sub: userId }, SECRET, {
      expiresIn: '15m',
      issuer: 'backend-workbook',
      audience: 'api',
    });
    const refreshToken = randomBytes(32).toString('hex');
    const expiresAt = clock.now() + 30 * 24 * 60 * 60 * 1000;
    store.addRefresh({ id: refreshToken, family, userId, expiresAt });
    return { accessToken, refreshToken, expiresIn: 900 };
  }

  function authenticate(req: Request, res: Response, next: NextFunction): void {
    const token = req.headers.authorization?.split(' ')[1];
    if (!token) {
      res.status(401).json({ error: 'Access token required' });
      return;
    }
    let decoded: jwt.JwtPayload;
    try {
      decoded = jwt.verify(token, SECRET) as jwt.JwtPayload;
    } catch (error) {
      const message = error instanceof jwt.TokenExpiredError ? 'Token expired' : 'Invalid token';
      res.status(401).json({ error: message });
      return;
    }
    res.locals['user'] = store.userById(decoded.sub as string);
    next();
  }

  app.post('/register', async (req, res) => {
    const { email, password } = req.body ?? {};
    if (typeof email !== 'string' || typeof password !== 'string' || !email.includes('@')) {
      res.status(400).json({ error: 'Email and password are required' });
      return;
    }
    if (password.length < 8) {
      res.status(400).json({ error: 'Password must have at least 8 characters' });
      return;
    }
    const user = { id: randomUUID(), email, hash: await hash(password, hashCost) };
    if (!store.addUser(user)) {
      res.status(409).json({ error: 'Email already exists' });
      return;
    }
    res.status(201).json({ id: user.id, email: user.email });
  });

  app.post('/login', async (req, res) => {
    const { email, password } = req.body ?? {};
    const user = typeof email === 'string' && typeof password === 'string' && store.userByEmail(email);
    if (!user || !(await compare(password, user.hash))) {
      res.status(401).json({ error: 'Invalid credentials' });
      return;
    }
    res.json(tokensFor(user.id, randomUUID()));
  });

  app.get('/me', authenticate, (_req, res) => {
    res.json({ id: res.locals['user'].id, email: res.locals['user'].email });
  });

  app.post('/notes', authenticate, (req, res) => {
    const text = String(req.body?.text ?? '');
    res.status(201).json(store.addNote({ id: randomUUID(), userId: res.locals['user'].id, text }));
  });

  app.get('/notes', authenticate, (_req, res) => {
    res.json({ items: store.notesOf(res.locals['user'].id) });
  });

  app.post('/token/refresh', (req, res) => {
    const used = store.useRefresh(String(req.body?.refreshToken), clock.now());
    if (!used) {
      res.status(401).json({ error: 'Invalid refresh token' });
      return;
    }
    res.json(tokensFor(used.userId, used.family));
  });

  app.post('/logout', (req, res) => {
    store.endFamilyOf(String(req.body?.refreshToken));
    res.sendStatus(204);
  });

  return app;
}
