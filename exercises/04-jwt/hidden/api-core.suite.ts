// canary fb83968b50aaae4206e195e0
import { database, rule, show, step, Unmet } from '#suite';
import type { Answer, Trial } from '#suite';
import { isId, login, me, mustChallenge, newPerson, openApi, register, reopen, sessionOf } from './api.ts';
import { forge, headerOf, nowSec, payloadOf, secretOf } from './forge.ts';

const HASH = /\$2[aby]\$\d\d\$[./A-Za-z0-9]{53}|\$argon2id\$\S+|\$scrypt\$\S+/g;

rule('R4', async (t) => {
  const api = await openApi(t);
  const ada = newPerson(t);
  const bob = { ...newPerson(t), password: ada.password };
  await step(t, 'somebody registers', () => register(api, ada));
  await step(t, 'the e-mail is taken', async () => {
    (await api.app.post('/register', { json: { ...ada, password: 'something else' } })).mustBe(409);
  });
  await step(t, 'the e-mail is taken, in upper case', async () => {
    (await api.app.post('/register', { json: { ...ada, email: ada.email.toUpperCase() } })).mustBe(409);
  });
  for (const [what, json] of [
    ['no password', { email: newPerson(t).email }],
    ['no e-mail', { password: ada.password }],
    ['an e-mail without @', { email: t.random.word(), password: ada.password }],
    ['a short password', { email: newPerson(t).email, password: '1234567' }],
    ['seven characters of two bytes', { email: newPerson(t).email, password: 'ëëëëëëë' }],
    ['a password that is a number', { email: newPerson(t).email, password: 12_345_678 }],
    ['an e-mail that is a list', { email: [newPerson(t).email], password: ada.password }],
  ] as const) {
    await step(t, what, async () => {
      (await api.app.post('/register', { json })).must(
        '400 or 422',
        ({ status }) => status === 400 || status === 422,
      );
    });
  }
  await step(t, 'a password of eight characters', () =>
    register(api, { ...newPerson(t), password: t.random.word(8) }),
  );
  await step(t, 'the e-mail is taken, in lower case', async () => {
    const first = newPerson(t);
    const json = { ...first, email: `Xy-${first.email.toUpperCase()}` };
    (await api.app.post('/register', { json })).mustBe(201);
    (await api.app.post('/register', { json: { ...json, email: json.email.toLowerCase() } })).mustBe(409);
  });
  await step(t, 'an e-mail with a sign that SQL could take for a pattern', async () => {
    await register(api, { ...ada, email: `x${ada.email}` });
    await register(api, { ...ada, email: `_${ada.email}` });
  });
  await step(t, 'two users with one password', () => register(api, bob));
  const texts = await everyText(t);
  await step(t, 'the password is not in the database', async () => {
    const bytes = Buffer.from(ada.password);
    const spellings = [ada.password, bytes.toString('base64'), bytes.toString('hex')];
    must(
      !texts.some((text) => spellings.some((each) => text.includes(each))),
      'no password in any table',
      'it stands there',
    );
  });
  await step(t, 'a slow salted hash is', async () => {
    const hashes = texts.flatMap((text) => text.match(HASH) ?? []);
    must(
      hashes.length >= 2,
      'a hash of bcrypt, Argon2id or scrypt for each user',
      `${hashes.length} for two users`,
    );
    must(
      new Set(hashes).size === hashes.length,
      'another hash for each user, also for equal passwords',
      'one hash twice',
    );
  });
  await step(t, 'its cost is the one that was given', async () => mustCost(texts, 4));
  await step(t, 'the cost is 12 when none is given', async () => {
    const usual = await openApi(t, { db: database('usual') });
    await register(usual, newPerson(t));
    mustCost(await everyText(t, 'usual'), 12);
  });
  await step(t, 'one e-mail, several times at the same moment', async () => {
    // Dear enough that the others come while the first is hashed.
    const slow = await openApi(t, { hashCost: 8 });
    const json = newPerson(t);
    const answers = await Promise.all(Array.from({ length: 5 }, () => slow.app.post('/register', { json })));
    const got = answers.map(({ status }) => status).toSorted((a, b) => a - b);
    must(show(got) === show([201, 409, 409, 409, 409]), 'one 201, and 409 for the others', got);
  });
});

rule('R5', async (t) => {
  const api = await openApi(t);
  const [ada, bob] = [newPerson(t), newPerson(t)];
  const first = await step(t, 'register and log in', () => sessionOf(api, ada));
  const second = await step(t, 'another user', () => sessionOf(api, bob));
  for (const [person, session] of [
    [ada, first],
    [bob, second],
  ] as const) {
    await step(t, 'GET /me tells whose token it is', async () => {
      const answer = await me(api, session.accessToken);
      answer.must(`200 and JSON with id ${session.id} and email ${person.email}`, () => {
        const { id, email } = answer.json as { id: unknown; email: unknown };
        return answer.status === 200 && answer.isJson && String(id) === session.id && email === person.email;
      });
    });
  }
  await step(t, 'the access token is signed with keys.access', async () => {
    const [header, payload] = [headerOf(first.accessToken), payloadOf(first.accessToken)];
    const again = forge(payload, api.keys.access, header).split('.')[2];
    const [, , signature] = first.accessToken.split('.');
    must(header?.['alg'] === 'HS256', 'alg HS256', header);
    // Another order or spacing of the JSON is fine: then the text itself is signed anew.
    must(
      signature === again || signature === resigned(first.accessToken, api.keys.access),
      'a signature by keys.access',
      signature,
    );
  });
  await step(t, 'its claims', async () => {
    const iat = nowSec(t);
    const wanted = { sub: first.id, iss: 'backend-workbook', exp: iat + 900 };
    const payload = payloadOf(first.accessToken) ?? {};
    must(
      Object.entries(wanted).every(([name, value]) => payload[name] === value),
      `a payload with ${show(wanted)}`,
      payload,
    );
    must([payload['aud']].flat().includes('api'), 'aud api', payload);
  });
  await step(t, 'an e-mail with capital letters', async () => {
    const eve = { ...newPerson(t), email: `Eve.${newPerson(t).email.toUpperCase()}` };
    (await api.app.post('/register', { json: eve })).mustBe(201);
    (await me(api, (await login(api, eve)).accessToken)).mustBe(200);
  });
  await step(t, 'an app that is made later on the same database', async () => {
    const later = await reopen(t, api);
    (await me(later, first.accessToken)).mustBe(200);
    (await me(later, (await login(later, bob)).accessToken)).mustBe(200);
    (await me(api, second.accessToken)).mustBe(200);
  });
  await step(t, 'it expires after 900 seconds', async () => {
    await t.clock.advance(899_000);
    (await me(api, first.accessToken)).mustBe(200);
    await t.clock.advance(1_000);
    (await me(api, first.accessToken)).mustBe(401);
  });
});

rule('R6', async (t) => {
  const api = await openApi(t);
  const ada = newPerson(t);
  await step(t, 'the right password', () => sessionOf(api, ada));
  const attempt = (email: string, password: string): Promise<Answer> =>
    api.app.post('/login', { json: { email, password } });
  const wrong = await step(t, 'a wrong password', async () =>
    (await attempt(ada.email, `${ada.password}x`)).mustBe(401),
  );
  for (const [what, email, password] of [
    ['an unknown user', newPerson(t).email, ada.password],
    ['an e-mail without @, which nobody can have', t.random.word(), ada.password],
    ['an e-mail that SQL could take for a pattern', `%${ada.email.slice(1)}`, ada.password],
    ['a wrong password that is short', ada.email, 'x'],
    ['the password with a space behind it', ada.email, `${ada.password} `],
    ['the password in upper case', ada.email, ada.password.toUpperCase()],
  ] as const) {
    await step(t, what, async () => {
      const answer = await attempt(email, password);
      answer.must(`what a wrong password gets: ${wrong.status} ${show(wrong.text)}`, () => {
        return (
          answer.status === wrong.status && answer.text === wrong.text && answer.mediaType === wrong.mediaType
        );
      });
    });
  }
  for (const [what, json] of [
    ['no password at all', { email: ada.email }],
    ['a password that is a list', { email: ada.email, password: [ada.password] }],
    ['an e-mail that is an object', { email: { length: 3 }, password: ada.password }],
    ['an empty object', {}],
  ] as const) {
    await step(t, what, async () => (await api.app.post('/login', { json })).mustRefuse());
  }
  await step(t, 'no body at all', async () => (await api.app.post('/login')).mustRefuse());
});

rule('R7', async (t) => {
  const api = await openApi(t);
  const { accessToken } = await step(t, 'a good token', () => sessionOf(api, newPerson(t)));
  (await me(api, accessToken)).mustBe(200);
  for (const path of ['/me', '/notes']) {
    await step(t, `no credentials on ${path}`, async () => mustChallenge(await api.app.get(path), 'none'));
  }
  await step(t, 'no credentials, and a body that is no note', async () => {
    mustChallenge(await api.app.post('/notes', { json: {} }), 'none');
    const headers = { Authorization: 'Bearer abc.def.ghi' };
    mustChallenge(await api.app.post('/notes', { json: {}, headers }), 'invalid_token');
  });
  const { access } = api.keys;
  // The program's own token with one thing changed: it may ask for claims that only it knows of.
  const claims = payloadOf(accessToken) ?? {};
  const changed = (more: Record<string, unknown>, key = access): string =>
    forge({ ...claims, ...more }, key, headerOf(accessToken));
  const [header = '', payload = '', signature = ''] = accessToken.split('.');
  const none = Buffer.from('{"alg":"none","typ":"JWT"}').toString('base64url');
  await step(t, 'its own claims, signed anew with its key', async () =>
    (await me(api, changed({}))).mustBe(200),
  );
  for (const [what, token] of [
    ['a token that is none', 'abc.def.ghi'],
    [
      'a changed signature',
      `${header}.${payload}.${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`,
    ],
    ['without a signature', `${none}.${payload}.`],
    ['another key', changed({}, secretOf(t))],
    ['expired', changed({ exp: nowSec(t) })],
    ['without exp', changed({ exp: undefined })],
    ['another issuer', changed({ iss: 'somebody' })],
    ['another audience', changed({ aud: 'web' })],
    ['without a subject', changed({ sub: undefined })],
  ] as const) {
    await step(t, `a bad token: ${what}`, async () => mustChallenge(await me(api, token), 'invalid_token'));
  }
  for (const value of [
    'Bearer',
    'Bearer ',
    `Basic ${Buffer.from('a:b').toString('base64')}`,
    `Bearer ${accessToken} ${accessToken}`,
    `Nobearer ${accessToken}`,
    accessToken,
  ]) {
    await step(t, 'a header of another form', async () => {
      mustChallenge(await api.app.get('/me', { headers: { Authorization: value } }), 'free');
    });
  }
});

rule('R8', async (t) => {
  const api = await openApi(t);
  const [ada, bob] = [await sessionOf(api, newPerson(t)), await sessionOf(api, newPerson(t))];
  const post = (text: string, token: string | null): Promise<Answer> =>
    api.app.post('/notes', {
      json: { text },
      headers: token === null ? {} : { Authorization: `Bearer ${token}` },
    });
  const mustHave = async (token: string, notes: readonly Note[], { app } = api): Promise<void> => {
    const answer = await app.get('/notes', { headers: { Authorization: `Bearer ${token}` } });
    const wanted = notes.map(({ id, text }) => `${String(id)} ${text}`).toSorted();
    answer.must(`200 and JSON with these items, in any order: ${show(notes)}`, () => {
      const { items } = answer.json as { items: Note[] };
      const got = items.map(({ id, text }) => `${String(id)} ${text}`).toSorted();
      return answer.status === 200 && show(got) === show(wanted);
    });
  };
  const kept = async (text: string, token: string): Promise<Note> => {
    const answer = await post(text, token);
    answer.must(`201 and JSON with an id and the text ${text}`, () => {
      const { id, text: told } = answer.json as Note;
      return answer.status === 201 && isId(id) && told === text;
    });
    return answer.json as Note;
  };
  const text = `${t.random.word()} ë 🦊`;
  const mine: Note[] = [];
  await step(t, 'a note of one’s own', async () => {
    mine.push(await kept(text, ada.accessToken));
    await mustHave(ada.accessToken, mine);
  });
  await step(t, 'somebody else sees nothing of it', async () => mustHave(bob.accessToken, []));
  await step(t, 'several notes, two of them with the same text', async () => {
    mine.push(await kept(text, ada.accessToken), await kept(t.random.word(), ada.accessToken));
    const other = await kept(t.random.word(), bob.accessToken);
    await mustHave(ada.accessToken, mine);
    await mustHave(bob.accessToken, [other]);
    const ids = new Set(mine.map(({ id }) => String(id)));
    must(ids.size === mine.length, 'another id for each note', mine);
  });
  await step(t, 'a note that names somebody else', async () => {
    const { id } = ada;
    const named = { userId: id, user_id: id, owner: id, ownerId: id, user: id, sub: id };
    const headers = { Authorization: `Bearer ${bob.accessToken}` };
    await api.app.post('/notes', { json: { text: t.random.word(), ...named }, headers });
    await mustHave(ada.accessToken, mine);
  });
  const secret = t.random.word(12);
  await step(t, 'a refused request leaves nothing behind', async () => {
    (await post(secret, null)).mustBe(401);
    (await post(secret, 'abc.def.ghi')).mustBe(401);
    // Tokens that name a real user: whoever reads them without checking them knows whose note it would be.
    const [header = '', payload = '', signature = ''] = ada.accessToken.split('.');
    const turned = `${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`;
    const expired = forge({ ...payloadOf(ada.accessToken), exp: nowSec(t) - 1 }, api.keys.access);
    (await post(secret, `${header}.${payload}.${turned}`)).mustBe(401);
    (await post(secret, expired)).mustBe(401);
    await t.settle();
    await mustHave(ada.accessToken, mine);
    must(
      !(await everyText(t)).some((each) => each.includes(secret)),
      'nothing of it in the database',
      'it stands there',
    );
  });
  await step(t, 'an app that is made later on the same database', async () => {
    await mustHave(ada.accessToken, mine, await reopen(t, api));
  });
});

rule('R9', async (t) => {
  const api = await openApi(t);
  const ada = newPerson(t);
  const registered = await register(api, ada);
  const loggedIn = await api.app.post('/login', { json: ada });
  const session = await login(api, ada);
  const mine = await me(api, session.accessToken);
  const headers = { Authorization: `Bearer ${session.accessToken}` };
  const { app } = api;
  const failed = {
    taken: await app.post('/register', { json: ada }),
    refused: await app.post('/register', { json: { ...ada, email: 'nobody' } }),
    wrong: await app.post('/login', { json: { ...ada, email: newPerson(t).email } }),
  };
  await step(t, 'the payload of the access token', async () => {
    const text = JSON.stringify(payloadOf(session.accessToken) ?? {});
    for (const secret of [ada.email, ada.password])
      must(!text.includes(secret), 'no e-mail and no password', text);
    must(!/\$2[aby]\$|\$argon2|\$scrypt/.test(text), 'no hash', text);
  });
  for (const [what, answer] of [
    ['/register', registered],
    ['/login', loggedIn],
    ['/me', mine],
    ['POST /notes', await app.post('/notes', { json: { text: t.random.word() }, headers })],
    ['/notes', await app.get('/notes', { headers })],
    ['/register, for an e-mail that is taken', failed.taken],
    ['/register, for an e-mail that is none', failed.refused],
    ['/login, for an unknown e-mail', failed.wrong],
  ] as const) {
    await step(t, `the answer of ${what}`, async () => {
      answer.must(
        'no password and no hash',
        ({ text }) => !text.includes(ada.password) && !/\$2[aby]\$|\$argon2|\$scrypt/.test(text),
      );
    });
  }
  await step(t, 'a refresh token opens nothing', async () =>
    (await me(api, session.refreshToken)).mustBe(401),
  );
});

type Note = { id: unknown; text: string };

/** Every bcrypt hash in these texts has this cost. Other kinds of hash read it as they like. */
function mustCost(texts: readonly string[], cost: number): void {
  const costs = texts.flatMap((text) => /\$2[aby]\$(\d\d)\$/.exec(text)?.[1] ?? []);
  const holds = costs.every((each) => Number(each) === cost);
  must(holds, `a bcrypt cost of ${cost}`, `cost ${costs.join(', ')}`);
}

/** All texts that stand in a database. */
async function everyText(t: Trial, name = 'app'): Promise<string[]> {
  return (await t.database(name).dump()).map(({ value }) => String(value));
}

/** The signature that this very text would have under this secret. */
function resigned(token: string, secret: string): string | undefined {
  const [header = '', payload = ''] = token
    .split('.')
    .map((each) => Buffer.from(each, 'base64url').toString());
  return forge(payload, secret, header).split('.')[2];
}

function must(holds: boolean, expected: string, got: unknown): void {
  if (!holds) throw new Unmet({ expected, got: typeof got === 'string' ? got : show(got) });
}
