import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { compare, hash } from 'bcryptjs';
import type { Database } from 'better-sqlite3';
import express from 'express';
import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { Store } from './store.ts';
import type { User } from './store.ts';
import { sign, verify } from './tokens.ts';
import type { Clock } from './tokens.ts';

/** What the API is given from outside. */
export type Dependencies = {
  /** An open database; its file is empty the first time. */
  db: Database;
  clock: Clock;
  /** Two secrets: one for each kind of token. */
  keys: { access: string; refresh: string };
  /** The cost of a password hash, as bcrypt counts it. */
  hashCost?: number;
};

const ACCESS_SECONDS = 900;
const REFRESH_MS = 30 * 24 * 60 * 60 * 1000;
const PLACE = { issuer: 'backend-workbook', audience: 'api' };
const MIN_SECRET_BYTES = 32;
const MIN_PASSWORD = 8;
/** bcrypt looks at 72 bytes and drops the rest in silence. */
const MAX_PASSWORD_BYTES = 72;

/** Builds the app and does not start it. Throws for secrets that are too short. */
export function createApp({ db, clock, keys, hashCost = 12 }: Dependencies): express.Express {
  for (const secret of [keys.access, keys.refresh]) {
    if (Buffer.byteLength(secret) < MIN_SECRET_BYTES)
      throw new RangeError(`a secret needs ${MIN_SECRET_BYTES} bytes`);
  }
  const store = new Store(db);
  // Nobody's password. Checked when there is no such user, so that both failing logins cost the same.
  let nobody: Promise<string> | null = null;
  const nobodysHash = (): Promise<string> => (nobody ??= hash(randomBytes(16).toString('hex'), hashCost));
  const guard = requireUser((token) => {
    const verified = verify(token, keys.access, { algorithm: 'HS256', clock, ...PLACE });
    return verified.ok ? store.userById(String(verified.payload.sub)) : null;
  });

  function session(user: User, family: string): object {
    const claims = { sub: user.id };
    const options = { algorithm: 'HS256', clock, expiresInSec: ACCESS_SECONDS, ...PLACE } as const;
    const refreshToken = randomBytes(32).toString('base64url');
    store.addRefresh({
      id: digest(refreshToken),
      family,
      userId: user.id,
      expiresAt: clock.now() + REFRESH_MS,
    });
    return { accessToken: sign(claims, keys.access, options), refreshToken, expiresIn: ACCESS_SECONDS };
  }

  const app = express();
  app.use(express.json());

  app.post('/register', async (request, response) => {
    const wanted = credentials(request.body);
    if (wanted === null)
      return void problem(response, 422, 'an e-mail and a password of 8 characters to 72 bytes');
    const user = { id: randomUUID(), email: wanted.email, hash: await hash(wanted.password, hashCost) };
    if (!store.addUser(user)) return void problem(response, 409, 'this e-mail has an account');
    response.status(201).json(shown(user));
  });

  app.post('/login', async (request, response) => {
    const { email, password } = fields(request.body);
    const user = typeof email === 'string' ? store.userByEmail(email) : null;
    const fits = await compare(comparable(password), user?.hash ?? (await nobodysHash()));
    if (user === null || !fits) return void problem(response, 401, 'e-mail or password is wrong');
    response.json(session(user, randomUUID()));
  });

  app.get('/me', guard, (_request, response) => void response.json(shown(userOf(response))));

  app.post('/notes', guard, (request, response) => {
    const { text } = fields(request.body);
    if (typeof text !== 'string') return void problem(response, 422, 'a note needs a text');
    response.status(201).json(store.addNote({ id: randomUUID(), userId: userOf(response).id, text }));
  });

  app.get('/notes', guard, (_request, response) => {
    response.json({ items: store.notesOf(userOf(response).id) });
  });

  app.post('/token/refresh', (request, response) => {
    const { refreshToken } = fields(request.body);
    const used =
      typeof refreshToken === 'string' ? store.useRefresh(digest(refreshToken), clock.now()) : null;
    const user = used === null ? null : store.userById(used.userId);
    if (used === null || user === null) return void problem(response, 401, 'the refresh token is not valid');
    response.json(session(user, used.family));
  });

  app.post('/logout', (request, response) => {
    const { refreshToken } = fields(request.body);
    if (typeof refreshToken === 'string') store.endFamilyOf(digest(refreshToken));
    response.status(204).end();
  });

  app.use((_request, response) => problem(response, 404, 'not found'));
  app.use((error: { status?: number }, _request: Request, response: Response, _next: NextFunction) => {
    // Express marks the client's own faults, such as broken JSON; everything else is ours and stays inside.
    const status = error.status !== undefined && error.status < 500 ? error.status : 500;
    if (status === 500) console.error(error);
    problem(response, status, status === 500 ? 'internal server error' : 'bad request');
  });
  return app;
}

/** Lets a request through when its bearer token leads to a user, and stops it otherwise. */
function requireUser(find: (token: string) => User | null): RequestHandler {
  return (request, response, next) => {
    const match = /^bearer +([\w.~+/-]+=*)$/i.exec(request.get('Authorization') ?? '');
    const user = match?.[1] === undefined ? null : find(match[1]);
    if (user !== null) {
      response.locals['user'] = user;
      next();
      return;
    }
    // Who sent no credentials made no mistake, so there is no error code to tell (RFC 6750 §3.1).
    response.set('WWW-Authenticate', match === null ? 'Bearer' : 'Bearer error="invalid_token"');
    problem(response, 401, 'a valid access token is needed');
  };
}

function userOf(response: Response): User {
  return response.locals['user'] as User;
}

/** Only what is meant to be seen: never spread a row into an answer. */
function shown({ id, email }: User): { id: string; email: string } {
  return { id, email };
}

function credentials(body: unknown): { email: string; password: string } | null {
  const { email, password } = fields(body);
  if (typeof email !== 'string' || typeof password !== 'string' || !email.includes('@')) return null;
  if (password.length < MIN_PASSWORD || Buffer.byteLength(password) > MAX_PASSWORD_BYTES) return null;
  return { email, password };
}

/** A password that bcrypt would cut is nobody's, and so is what is no text. */
function comparable(password: unknown): string {
  return typeof password === 'string' && Buffer.byteLength(password) <= MAX_PASSWORD_BYTES ? password : '';
}

/** A body that was no JSON object has no fields. */
function fields(body: unknown): Record<string, unknown> {
  return typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
}

/** What is stored of a refresh token: who reads the database cannot use it. Random tokens need no slow hash. */
function digest(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}

function problem(response: Response, status: number, title: string): void {
  response.status(status).type('application/problem+json').json({ title, status });
}
