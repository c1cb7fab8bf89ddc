// canary edf0b29ab976266d31c73961
import { clock, database } from '#suite';
import type { Answer, App, Trial } from '#suite';
import { secretOf } from './forge.ts';

export type Person = { email: string; password: string };
export type Session = { accessToken: string; refreshToken: string; expiresIn: number };

export type Api = { app: App; keys: { access: string; refresh: string } };

/** The API on an empty database, with fast hashes. */
export async function openApi(t: Trial, more: Record<string, unknown> = { hashCost: 4 }): Promise<Api> {
  const keys = { access: secretOf(t), refresh: secretOf(t) };
  const app = await t.serve('createApp', [{ db: database(), clock: clock(), keys, ...more }]);
  return { app, keys };
}

/** The same API in another process, on the same database: it knows nothing of what the first one has in memory. */
export async function reopen(t: Trial, { keys }: Api): Promise<Api> {
  const given = { db: database(), clock: clock(), keys, hashCost: 4 };
  return { app: await t.serve('createApp', [given], { host: 2 }), keys };
}

export function newPerson(t: Trial): Person {
  return { email: `${t.random.word()}@example.test`, password: `${t.random.word(6)} ${t.random.word(6)}` };
}

export async function register({ app }: Api, person: Person): Promise<Answer> {
  const answer = await app.post('/register', { json: person });
  return answer.must(`201 and JSON with id and email ${person.email}`, () => {
    const { id, email } = answer.json as { id: unknown; email: unknown };
    return answer.status === 201 && answer.isJson && isId(id) && email === person.email;
  });
}

/** Registers and logs in. */
export async function sessionOf(api: Api, person: Person): Promise<Session & { id: string }> {
  const { id } = (await register(api, person)).json as { id: unknown };
  return { ...(await login(api, person)), id: String(id) };
}

export async function login({ app }: Api, person: Person): Promise<Session> {
  return mustBeSession(await app.post('/login', { json: person }));
}

export function mustBeSession(answer: Answer): Session {
  answer.must('200 and JSON with accessToken, refreshToken and expiresIn', () => {
    const { accessToken, refreshToken, expiresIn } = answer.json as Record<string, unknown>;
    return (
      answer.status === 200 &&
      answer.isJson &&
      isText(accessToken) &&
      isText(refreshToken) &&
      expiresIn === 900
    );
  });
  return answer.json as Session;
}

export async function me({ app }: Api, token: string, scheme = 'Bearer'): Promise<Answer> {
  return await app.get('/me', { headers: { Authorization: `${scheme} ${token}` } });
}

export async function refresh({ app }: Api, refreshToken: string): Promise<Answer> {
  return await app.post('/token/refresh', { json: { refreshToken } });
}

/** 401 with a challenge. `code`: whether it has to say invalid_token, has to say nothing, or may do either. */
export function mustChallenge(answer: Answer, code: 'invalid_token' | 'none' | 'free'): void {
  const wanted = { invalid_token: ' error="invalid_token"', none: ' without an error code', free: '' }[code];
  answer.must(`401 with WWW-Authenticate: Bearer${wanted}`, () => {
    const challenge = answer.header('www-authenticate') ?? '';
    const bearer = /(^|,)\s*bearer(\s|,|$)/i.test(challenge);
    const error = /\berror\s*=\s*"?([\w-]+)"?/i.exec(challenge)?.[1];
    const fits = code === 'free' || (code === 'none' ? error === undefined : error === 'invalid_token');
    return answer.status === 401 && bearer && fits;
  });
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}

export function isId(value: unknown): boolean {
  return isText(value) || Number.isInteger(value);
}
