// canary a9efe6cb67c0677791a04c23
import { clock, database, rule, show, step, Unmet } from '#suite';
import type { Answer } from '#suite';
import {
  login,
  me,
  mustBeSession,
  mustChallenge,
  newPerson,
  openApi,
  refresh,
  register,
  reopen,
  sessionOf,
} from './api.ts';
import type { Session } from './api.ts';
import { nowSec, payloadOf, secretOf } from './forge.ts';

const DAY = 86_400_000;

rule('R16', async (t) => {
  const make = (access: string, refreshSecret: string) =>
    t.call('createApp', [
      { db: database(), clock: clock(), keys: { access, refresh: refreshSecret }, hashCost: 4 },
    ]);
  const [good, weak] = [secretOf(t), t.random.word(31)];
  await step(t, 'good secrets', async () => void (await (await openApi(t)).app.get('/me')).mustBe(401));
  await step(t, 'bytes count, not characters', async () => {
    const outcome = await make('ë'.repeat(16), 'ü'.repeat(16));
    if ('value' in outcome) return;
    throw new Unmet({
      expected: 'an app',
      got: outcome.threw.message,
      sent: 'createApp with secrets of 32 bytes',
    });
  });
  for (const [what, access, other] of [
    ['a weak secret for access tokens', weak, good],
    ['a weak secret for refresh tokens', good, weak],
    ['the secret of a tutorial', 'your-secret-key', good],
    ['an empty secret', '', good],
  ] as const) {
    await step(t, what, async () => {
      if ('threw' in (await make(access, other))) return;
      throw new Unmet({ expected: 'createApp throws', got: 'an app', sent: `createApp with ${what}` });
    });
  }
});

rule('R17', async (t) => {
  const api = await openApi(t);
  await step(
    t,
    '64 characters',
    async () => void (await sessionOf(api, { ...newPerson(t), password: t.random.word(64) })),
  );
  await step(t, '72 bytes, and a login with one more', async () => {
    const person = { ...newPerson(t), password: t.random.word(72) };
    const answer = await api.app.post('/register', { json: person });
    answer.must('400, 422 or 201', ({ status }) => [400, 422, 201].includes(status));
    if (answer.status !== 201) return;
    const longer = await api.app.post('/login', { json: { ...person, password: `${person.password}x` } });
    longer.must('401: it is another password', ({ status }) => status === 401);
  });
  for (const [what, letter] of [
    ['over 72 bytes', 'a'],
    ['over 72 bytes, in fewer characters', 'ë'],
  ] as const) {
    await step(t, `a password of ${what}`, async () => {
      const person = { ...newPerson(t), password: letter.repeat(letter === 'a' ? 72 : 36) };
      const long = { ...person, password: `${person.password}-first` };
      const answer = await api.app.post('/register', { json: long });
      answer.must('400, 422 or 201', ({ status }) => [400, 422, 201].includes(status));
      if (answer.status !== 201) return;
      await login(api, long);
      const other = await api.app.post('/login', { json: { ...long, password: `${person.password}-other` } });
      other.must('401: the end of the password counts too', ({ status }) => status === 401);
    });
  }
});

rule('R18', async (t) => {
  const api = await openApi(t);
  const { accessToken } = await sessionOf(api, newPerson(t));
  for (const scheme of ['Bearer', 'bearer', 'BEARER', 'bEaReR']) {
    await step(t, `the scheme ${scheme}`, async () => (await me(api, accessToken, scheme)).mustBe(200));
  }
  for (const name of ['access_token', 'token', 'accessToken', 'authorization', 'jwt']) {
    await step(t, 'a token in the query', async () =>
      mustChallenge(await api.app.get(`/me?${name}=${accessToken}`), 'free'),
    );
  }
  await step(t, 'a token in the body', async () => {
    const answer = await api.app.post('/notes', {
      json: { text: 'x', access_token: accessToken, token: accessToken, accessToken },
    });
    mustChallenge(answer, 'free');
  });
  await step(t, 'a token in a cookie', async () => {
    const cookie = ['access_token', 'token', 'accessToken', 'jwt', 'session']
      .map((name) => `${name}=${accessToken}`)
      .join('; ');
    mustChallenge(await api.app.get('/me', { headers: { Cookie: cookie } }), 'free');
  });
});

rule('R19', async (t) => {
  const api = await openApi(t);
  const ada = newPerson(t);
  const first = await sessionOf(api, ada);
  await t.clock.advance(1_000);
  const second = await step(t, 'two new tokens', async () => {
    const answer = await refresh(api, first.refreshToken);
    const session = mustBeSession(answer);
    answer.must('another refresh token', () => session.refreshToken !== first.refreshToken);
    return session;
  });
  await step(t, 'the new access token works', async () =>
    mustBeUser(await me(api, second.accessToken), first.id),
  );
  await step(t, 'it is like that of a login', async () => {
    const wanted = { sub: first.id, iss: 'backend-workbook', exp: nowSec(t) + 901 };
    const payload = payloadOf(second.accessToken) ?? {};
    const holds = Object.entries(wanted).every(([name, value]) => payload[name] === value);
    if (!holds) throw new Unmet({ expected: `a payload with ${show(wanted)}`, got: show(payload) });
  });
  await step(t, 'the first access token goes on', async () =>
    mustBeUser(await me(api, first.accessToken), first.id),
  );
  await step(t, 'the old refresh token is used up', async () =>
    (await refresh(api, first.refreshToken)).mustBe(401),
  );
  await step(t, 'an access token cannot be refreshed', async () =>
    (await refresh(api, second.accessToken)).mustBe(401),
  );
  await step(t, 'a refresh token that never was', async () => {
    (await refresh(api, t.random.word(30))).mustBe(401);
    (await api.app.post('/token/refresh', { json: {} })).mustRefuse();
  });
  await step(t, 'a refresh token in a cookie or in the query', async () => {
    const { refreshToken } = await login(api, ada);
    const query = new URLSearchParams({ refreshToken, refresh_token: refreshToken, token: refreshToken });
    const cookie = [...query].map(([name, value]) => `${name}=${value}`).join('; ');
    const asked = { json: {}, headers: { Cookie: cookie } };
    (await api.app.post(`/token/refresh?${query.toString()}`, asked)).mustRefuse();
  });
  await step(t, 'at the instant of the login', async () => {
    const { refreshToken } = await login(api, ada);
    const next = mustBeSession(await refresh(api, refreshToken));
    const again = await refresh(api, refreshToken);
    again.must('401: it was used, and the new one is another', () => {
      return again.status === 401 && next.refreshToken !== refreshToken;
    });
  });
  await step(t, 'one token, several times at the same moment', async () => {
    const { refreshToken } = await login(api, ada);
    const answers = await Promise.all(Array.from({ length: 4 }, () => refresh(api, refreshToken)));
    const got = answers.map(({ status }) => status).toSorted((a, b) => a - b);
    if (show(got) === show([200, 401, 401, 401])) return;
    throw new Unmet({ expected: 'one 200, and 401 for the others', got: got.join(', ') });
  });
  await step(t, 'an app that is made later on the same database', async () => {
    const [used, unused] = [await login(api, ada), await login(api, ada)];
    mustBeSession(await refresh(api, used.refreshToken));
    const later = await reopen(t, api);
    await t.clockOf({ host: 2 }).advance(1_000);
    // In this order: what becomes of other logins after a used token is the matter of R20.
    mustBeSession(await refresh(later, unused.refreshToken));
    (await refresh(later, used.refreshToken)).mustBe(401);
  });
});

rule('R20', async (t) => {
  const api = await openApi(t);
  const ada = newPerson(t);
  const first = await sessionOf(api, ada);
  const other = await login(api, ada);
  const chain: Session[] = [first];
  await step(t, 'three refreshes in a row', async () => {
    for (let count = 0; count < 3; count++) {
      await t.clock.advance(1_000);
      chain.push(mustBeSession(await refresh(api, (chain.at(-1) as Session).refreshToken)));
    }
  });
  await step(t, 'an old one comes again', async () =>
    (await refresh(api, (chain[1] as Session).refreshToken)).mustBe(401),
  );
  await step(t, 'from now on the newest is refused too', async () =>
    (await refresh(api, (chain[3] as Session).refreshToken)).mustBe(401),
  );
  await step(
    t,
    'another login of the same user goes on',
    async () => void mustBeSession(await refresh(api, other.refreshToken)),
  );
});

rule('R21', async (t) => {
  const api = await openApi(t);
  const ada = newPerson(t);
  await register(api, ada);
  const logout = (refreshToken: string): Promise<Answer> =>
    api.app.post('/logout', { json: { refreshToken } });
  const [one, two] = [await login(api, ada), await login(api, ada)];
  await step(t, 'log out', async () => {
    (await logout(one.refreshToken)).must('204 or 200', ({ status }) => status === 204 || status === 200);
    (await refresh(api, one.refreshToken)).mustBe(401);
  });
  await step(t, 'its access token goes on', async () => (await me(api, one.accessToken)).mustBe(200));
  const next = await step(t, 'the other login goes on', async () =>
    mustBeSession(await refresh(api, two.refreshToken)),
  );
  await step(t, 'a token that never was', async () => {
    (await logout(t.random.word(30))).must('204, 200 or 401', ({ status }) =>
      [204, 200, 401].includes(status),
    );
  });
  let good = next;
  // Twice: no two months that follow each other have 30 days each.
  for (const time of ['', ', again']) {
    const unused = await login(api, ada);
    await step(t, `one second before 30 days${time}`, async () => {
      good = mustBeSession(await refresh(api, good.refreshToken));
      await t.clock.advance(30 * DAY - 1_000);
      good = mustBeSession(await refresh(api, good.refreshToken));
    });
    await step(t, `after 30 days${time}`, async () => {
      await t.clock.advance(1_000);
      (await refresh(api, unused.refreshToken)).mustBe(401);
    });
  }
});

rule('R22', async (t) => {
  // Dear enough that a hash stands out from the work of a request, and cheap enough to be tried a few times.
  const api = await openApi(t, { hashCost: 8 });
  const ada = newPerson(t);
  await register(api, ada);
  const attempt = (email: string): Promise<Answer> =>
    api.app.post('/login', { json: { email, password: `${ada.password}x` } });
  const costOf = (email: string): Promise<number> =>
    api.app.computing(async () => {
      for (let count = 0; count < 2; count++) (await attempt(email)).mustBe(401);
    });
  await step(t, 'an unknown user', async () => {
    const stranger = newPerson(t).email;
    (await attempt(stranger)).mustBe(401);
    const [known, unknown] = [await costOf(ada.email), await costOf(stranger)];
    if (unknown >= known / 2) return;
    throw new Unmet({
      expected: 'at least half of the work of a wrong password',
      got: 'less than half of it: an attacker sees from the time who has an account',
    });
  });
});

function mustBeUser(answer: Answer, id: string): void {
  answer.must(
    `200 and JSON with id ${id}`,
    () => answer.status === 200 && String((answer.json as { id: unknown }).id) === id,
  );
}
