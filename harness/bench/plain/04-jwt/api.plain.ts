import Database from 'better-sqlite3';
import request from 'supertest';
import type { Response } from 'supertest';
import { afterEach, expect, test } from 'vitest';
import { createApp } from '../../../../solutions/04-jwt/src/app.ts';
import {
  DAY,
  FakeClock,
  forge,
  login,
  me,
  newPerson,
  newSecret,
  openApi,
  partOf,
  randomWord,
  refresh,
  register,
  sessionIn,
  sessionOf,
  turned,
} from './stage.ts';
import type { Stage } from './stage.ts';

const HASH = /\$2[aby]\$\d\d\$[./A-Za-z0-9]{53}/g;

let stage: Stage;

afterEach(() => stage.close());

test('R4 POST /register makes a user, and the password is stored as a slow salted hash only', async () => {
  stage = await openApi();
  const ada = newPerson();
  await register(stage, ada);
  const post = (json: object) => request(stage.server).post('/register').send(json);
  await post({ ...ada, password: 'something else' }).expect(409);
  await post({ ...ada, email: ada.email.toUpperCase() }).expect(409);
  for (const json of [
    { email: newPerson().email },
    { password: ada.password },
    { email: randomWord(), password: ada.password },
    { email: newPerson().email, password: '1234567' },
    { email: newPerson().email, password: 12_345_678 },
    { email: [newPerson().email], password: ada.password },
  ])
    expect([400, 422]).toContain((await post(json)).status);
  await register(stage, { ...newPerson(), password: ada.password });
  const texts = stage.texts();
  const bytes = Buffer.from(ada.password);
  for (const secret of [ada.password, bytes.toString('base64'), bytes.toString('hex')])
    expect(texts.some((text) => text.includes(secret))).toBe(false);
  const hashes = texts.flatMap((text) => text.match(HASH) ?? []);
  expect(hashes).toHaveLength(2);
  expect(new Set(hashes).size).toBe(2);
  const usual = await openApi({ hashCost: undefined });
  await register(usual, newPerson());
  const [cost] = usual.texts().flatMap((text) => text.match(/\$2[aby]\$(\d\d)\$/)?.[1] ?? []);
  usual.close();
  expect(Number(cost)).toBeGreaterThanOrEqual(10);
});

test('R5 POST /login answers with tokens, and GET /me tells whose they are', async () => {
  stage = await openApi();
  const [ada, bob] = [newPerson(), newPerson()];
  const first = await sessionOf(stage, ada);
  const second = await sessionOf(stage, bob);
  expect((await me(stage, first.accessToken)).body).toMatchObject({ id: first.id, email: ada.email });
  expect((await me(stage, second.accessToken)).body).toMatchObject({ id: second.id, email: bob.email });
  const [header, payload] = [partOf(first.accessToken, 0), partOf(first.accessToken, 1)];
  expect(header).toMatchObject({ alg: 'HS256' });
  expect(first.accessToken).toBe(forge(payload, stage.keys.access, header));
  const exp = stage.clock.seconds + 900;
  expect(payload).toMatchObject({ sub: first.id, iss: 'backend-workbook', exp });
  expect([payload['aud']].flat()).toContain('api');
  stage.clock.time += 899_000;
  expect((await me(stage, first.accessToken)).status).toBe(200);
  stage.clock.time += 1_000;
  expect((await me(stage, first.accessToken)).status).toBe(401);
});

test('R6 an unknown user and a wrong password get the same answer', async () => {
  stage = await openApi();
  const ada = newPerson();
  await sessionOf(stage, ada);
  const attempt = (json: object) => request(stage.server).post('/login').send(json);
  const wrong = await attempt({ ...ada, password: `${ada.password}x` }).expect(401);
  const unknown = await attempt({ ...newPerson(), password: ada.password }).expect(401);
  expect([unknown.text, unknown.type]).toEqual([wrong.text, wrong.type]);
  for (const json of [
    { email: ada.email },
    { email: ada.email, password: [ada.password] },
    { email: { length: 3 }, password: ada.password },
    {},
  ])
    mustRefuse(await attempt(json));
});

test('R7 without a good token: 401 and WWW-Authenticate: Bearer', async () => {
  stage = await openApi();
  const { accessToken } = await sessionOf(stage, newPerson());
  expect((await me(stage, accessToken)).status).toBe(200);
  for (const path of ['/me', '/notes'])
    mustChallenge(await request(stage.server).get(path), /^Bearer(?!.*error=)/i);
  const { access } = stage.keys;
  const claims = partOf(accessToken, 1);
  const changed = (more: object, key = access) => forge({ ...claims, ...more }, key);
  expect((await me(stage, changed({}))).status).toBe(200);
  const [, payload = ''] = accessToken.split('.');
  for (const token of [
    'abc.def.ghi',
    turned(accessToken),
    `${Buffer.from('{"alg":"none","typ":"JWT"}').toString('base64url')}.${payload}.`,
    changed({}, newSecret()),
    changed({ exp: stage.clock.seconds }),
    changed({ exp: undefined }),
    changed({ iss: 'somebody' }),
    changed({ aud: 'web' }),
    changed({ sub: undefined }),
  ])
    mustChallenge(await me(stage, token), /^Bearer.*error="invalid_token"/i);
  for (const value of [
    'Bearer',
    'Bearer ',
    `Basic ${Buffer.from('a:b').toString('base64')}`,
    `Bearer ${accessToken} ${accessToken}`,
    accessToken,
  ])
    mustChallenge(await request(stage.server).get('/me').set('Authorization', value), /^Bearer/i);
});

test('R8 after a 401 nothing has happened, and everybody sees their own notes alone', async () => {
  stage = await openApi();
  const [ada, bob] = [await sessionOf(stage, newPerson()), await sessionOf(stage, newPerson())];
  const post = (text: string, token: string | null) => {
    const sent = request(stage.server).post('/notes').send({ text });
    return token === null ? sent : sent.set('Authorization', `Bearer ${token}`);
  };
  const notes = async (token: string): Promise<string[]> => {
    const answer = await request(stage.server)
      .get('/notes')
      .set('Authorization', `Bearer ${token}`)
      .expect(200);
    return (answer.body as { items: { text: string }[] }).items.map(({ text }) => text);
  };
  const text = `${randomWord()} ë 🦊`;
  expect((await post(text, ada.accessToken).expect(201)).body).toMatchObject({ text });
  expect(await notes(ada.accessToken)).toEqual([text]);
  expect(await notes(bob.accessToken)).toEqual([]);
  const secret = randomWord(12);
  await post(secret, null).expect(401);
  await post(secret, 'abc.def.ghi').expect(401);
  await post(secret, turned(ada.accessToken)).expect(401);
  const expired = { ...partOf(ada.accessToken, 1), exp: stage.clock.seconds - 1 };
  await post(secret, forge(expired, stage.keys.access)).expect(401);
  expect(await notes(ada.accessToken)).toEqual([text]);
  expect(stage.texts().some((each) => each.includes(secret))).toBe(false);
});

test('R9 tokens and answers give nothing away, and a refresh token opens nothing but the refresh', async () => {
  stage = await openApi();
  const ada = newPerson();
  const registered = await request(stage.server).post('/register').send(ada).expect(201);
  const loggedIn = await request(stage.server).post('/login').send(ada).expect(200);
  const session = await login(stage, ada);
  const mine = await me(stage, session.accessToken);
  const payload = JSON.stringify(partOf(session.accessToken, 1));
  expect(payload).not.toContain(ada.email);
  for (const text of [payload, registered.text, loggedIn.text, mine.text]) {
    expect(text).not.toContain(ada.password);
    expect(text).not.toMatch(/\$2[aby]\$/);
  }
  expect((await me(stage, session.refreshToken)).status).toBe(401);
});

test('R16 createApp refuses weak secrets', async () => {
  stage = await openApi();
  await request(stage.server).get('/me').expect(401);
  const make = (access: string, other: string) =>
    createApp({
      db: new Database(':memory:'),
      clock: new FakeClock(),
      keys: { access, refresh: other },
      hashCost: 4,
    });
  const [good, weak] = [newSecret(), randomWord(31)];
  make('ë'.repeat(16), 'ü'.repeat(16));
  expect(() => make(weak, good)).toThrow();
  expect(() => make(good, weak)).toThrow();
  expect(() => make('your-secret-key', good)).toThrow();
  expect(() => make('', good)).toThrow();
});

test('R17 long passwords are refused or count to the last byte', async () => {
  stage = await openApi();
  await sessionOf(stage, { ...newPerson(), password: randomWord(64) });
  for (const password of [randomWord(72), `${'a'.repeat(72)}-first`, `${'ë'.repeat(36)}-first`]) {
    const person = { ...newPerson(), password };
    const { status } = await request(stage.server).post('/register').send(person);
    expect([400, 422, 201]).toContain(status);
    if (status !== 201) continue;
    await request(stage.server)
      .post('/login')
      .send({ ...person, password: `${password}x` })
      .expect(401);
  }
});

test('R18 the scheme counts in any case, and a token in the query or the body opens nothing', async () => {
  stage = await openApi();
  const { accessToken } = await sessionOf(stage, newPerson());
  for (const scheme of ['Bearer', 'bearer', 'BEARER', 'bEaReR'])
    expect((await me(stage, accessToken, scheme)).status).toBe(200);
  for (const name of ['access_token', 'token', 'accessToken', 'authorization'])
    mustChallenge(await request(stage.server).get(`/me?${name}=${accessToken}`), /^Bearer/i);
  const body = { text: 'x', access_token: accessToken, token: accessToken, accessToken };
  mustChallenge(await request(stage.server).post('/notes').send(body), /^Bearer/i);
  const cookie = `access_token=${accessToken}; token=${accessToken}; accessToken=${accessToken}`;
  mustChallenge(await request(stage.server).get('/me').set('Cookie', cookie), /^Bearer/i);
});

test('R19 POST /token/refresh gives two new tokens and takes the old one out of use', async () => {
  stage = await openApi();
  const first = await sessionOf(stage, newPerson());
  stage.clock.time += 1_000;
  const second = sessionIn(await refresh(stage, first.refreshToken));
  expect(second.refreshToken).not.toBe(first.refreshToken);
  expect((await me(stage, second.accessToken)).body).toMatchObject({ id: first.id });
  expect((await refresh(stage, first.refreshToken)).status).toBe(401);
  expect((await refresh(stage, second.accessToken)).status).toBe(401);
  expect((await refresh(stage, randomWord(30))).status).toBe(401);
  mustRefuse(await request(stage.server).post('/token/refresh').send({}));
});

test('R20 a refresh token that comes a second time ends the whole family', async () => {
  stage = await openApi();
  const ada = newPerson();
  const chain = [(await sessionOf(stage, ada)).refreshToken];
  const other = await login(stage, ada);
  for (let count = 0; count < 3; count++) {
    stage.clock.time += 1_000;
    chain.push(sessionIn(await refresh(stage, chain.at(-1) ?? '')).refreshToken);
  }
  expect((await refresh(stage, chain[1] ?? '')).status).toBe(401);
  expect((await refresh(stage, chain[3] ?? '')).status).toBe(401);
  sessionIn(await refresh(stage, other.refreshToken));
});

test('R21 POST /logout ends a refresh token, and 30 days do too', async () => {
  stage = await openApi();
  const ada = newPerson();
  await register(stage, ada);
  const logout = (refreshToken: string) => request(stage.server).post('/logout').send({ refreshToken });
  const [one, two] = [await login(stage, ada), await login(stage, ada)];
  expect([200, 204]).toContain((await logout(one.refreshToken)).status);
  expect((await refresh(stage, one.refreshToken)).status).toBe(401);
  const next = sessionIn(await refresh(stage, two.refreshToken));
  expect([200, 204, 401]).toContain((await logout(randomWord(30))).status);
  stage.clock.time += 30 * DAY - 1_000;
  const last = sessionIn(await refresh(stage, next.refreshToken));
  stage.clock.time += 30 * DAY;
  expect((await refresh(stage, last.refreshToken)).status).toBe(401);
});

test('R22 a login of an unknown user costs as much work as one with a wrong password', async () => {
  stage = await openApi({ hashCost: 8 });
  const ada = newPerson();
  await register(stage, ada);
  const attempt = (email: string) =>
    request(stage.server)
      .post('/login')
      .send({ email, password: `${ada.password}x` })
      .expect(401);
  const costOf = async (email: string): Promise<number> => {
    const before = process.cpuUsage();
    for (let count = 0; count < 2; count++) await attempt(email);
    return process.cpuUsage(before).user;
  };
  const stranger = newPerson().email;
  await attempt(stranger);
  const [known, unknown] = [await costOf(ada.email), await costOf(stranger)];
  expect(unknown).toBeGreaterThanOrEqual(known / 2);
});

function mustRefuse({ status }: Response): void {
  expect(status).toBeGreaterThanOrEqual(400);
  expect(status).toBeLessThan(500);
}

function mustChallenge(answer: Response, challenge: RegExp): void {
  expect(answer.status).toBe(401);
  expect(answer.get('WWW-Authenticate')).toMatch(challenge);
}
