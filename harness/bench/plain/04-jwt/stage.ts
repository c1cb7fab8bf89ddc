import { createHmac, createSign, generateKeyPairSync, randomBytes } from 'node:crypto';
import type { Server } from 'node:http';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import request from 'supertest';
import type { Response } from 'supertest';
import { expect } from 'vitest';
import { createApp } from '../../../../solutions/04-jwt/src/app.ts';
import type { Dependencies } from '../../../../solutions/04-jwt/src/app.ts';

export const DAY = 86_400_000;

/** A clock that the test moves. */
export class FakeClock {
  time = Date.UTC(2031, 4, 17, 9, 30) + 417;
  now = (): number => this.time;
  get seconds(): number {
    return Math.floor(this.time / 1000);
  }
}

export const randomWord = (length = 8): string => randomBytes(length).toString('hex').slice(0, length);
export const newSecret = (): string => randomWord(40);

export type Person = { email: string; password: string };
export const newPerson = (): Person => ({
  email: `${randomWord()}@example.test`,
  password: `${randomWord(6)} ${randomWord(6)}`,
});

export type Session = { id: string; accessToken: string; refreshToken: string };

export type Stage = {
  server: Server;
  clock: FakeClock;
  keys: { access: string; refresh: string };
  texts(): string[];
  close(): void;
};

/** The app on an empty database of its own, listening. `hashCost` undefined: its own default. */
export async function openApi(
  { hashCost }: { hashCost: number | undefined } = { hashCost: 4 },
): Promise<Stage> {
  const folder = mkdtempSync(join(tmpdir(), 'plain-'));
  const db = new Database(join(folder, 'app.sqlite'));
  const clock = new FakeClock();
  const keys = { access: newSecret(), refresh: newSecret() };
  const dependencies: Dependencies = { db, clock, keys, ...(hashCost === undefined ? {} : { hashCost }) };
  const app = createApp(dependencies);
  const server = await new Promise<Server>((done) => {
    const listening = app.listen(0, '127.0.0.1', () => done(listening));
  });
  return {
    server,
    clock,
    keys,
    texts: () => everyText(db),
    close: () => {
      server.closeAllConnections();
      server.close();
      db.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** All texts that stand in a database. */
function everyText(db: Database.Database): string[] {
  const tables = db.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").pluck().all() as string[];
  return tables.flatMap((table) =>
    (db.prepare(`SELECT * FROM "${table}"`).raw().all() as unknown[][]).flat().map(String),
  );
}

export async function register({ server }: Stage, person: Person): Promise<string> {
  const answer = await request(server)
    .post('/register')
    .send(person)
    .expect(201)
    .expect('Content-Type', /json/);
  expect(answer.body).toMatchObject({ email: person.email });
  return String((answer.body as { id: unknown }).id);
}

export async function login({ server }: Stage, person: Person): Promise<Omit<Session, 'id'>> {
  return sessionIn(await request(server).post('/login').send(person));
}

export function sessionIn(answer: Response): Omit<Session, 'id'> {
  expect(answer.status).toBe(200);
  expect(answer.body).toMatchObject({
    accessToken: expect.any(String),
    refreshToken: expect.any(String),
    expiresIn: 900,
  });
  return answer.body as Omit<Session, 'id'>;
}

/** Registers and logs in. */
export async function sessionOf(stage: Stage, person: Person): Promise<Session> {
  const id = await register(stage, person);
  return { ...(await login(stage, person)), id };
}

export async function me({ server }: Stage, token: string, scheme = 'Bearer'): Promise<Response> {
  return await request(server).get('/me').set('Authorization', `${scheme} ${token}`);
}

export async function refresh({ server }: Stage, refreshToken: string): Promise<Response> {
  return await request(server).post('/token/refresh').send({ refreshToken });
}

export const part = (value: unknown): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

export function forge(
  payload: unknown,
  secret: string,
  header: unknown = { alg: 'HS256', typ: 'JWT' },
): string {
  const text = `${part(header)}.${part(payload)}`;
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
}

export function forgeRsa(payload: unknown, privateKey: string): string {
  const text = `${part({ alg: 'RS256', typ: 'JWT' })}.${part(payload)}`;
  return `${text}.${createSign('RSA-SHA256').update(text).sign(privateKey).toString('base64url')}`;
}

export const newKeyPair = (): { publicKey: string; privateKey: string } =>
  generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });

export function partOf(token: string, index: 0 | 1): Record<string, unknown> {
  return JSON.parse(Buffer.from(token.split('.')[index] ?? '', 'base64url').toString()) as Record<
    string,
    unknown
  >;
}

/** The token with its signature changed. */
export function turned(token: string): string {
  const at = token.lastIndexOf('.') + 1;
  return `${token.slice(0, at)}${token[at] === 'A' ? 'B' : 'A'}${token.slice(at + 1)}`;
}
