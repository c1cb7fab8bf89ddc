// canary f7d0a0853d9adef6dc2eed5c
import { rule, same, show, step, Unmet } from '#suite';
import type { Answer, App } from '#suite';
import { FAILURE_WINDOW_MS, from, guess, login, retryAfterMs, Service } from './api.ts';
import type { Login } from './api.ts';
import { expiresWithin } from './store.ts';

rule('R6', async (t) => {
  const service = new Service(t);
  const app = await service.open();
  const longest = service.windowMs * 2;
  const text = t.random.word();
  await service.toWindowStart(service.windowMs);
  const wait = await step(t, 'limit requests, then 429 with Retry-After', async () =>
    retryAfterMs(await service.mustLimit(app), service, longest),
  );
  await step(t, 'a POST that is refused', async () => {
    (await app.post('/items', { json: { text } })).mustBe(429);
  });
  await step(t, 'another method and a query are refused too', async () => {
    (await app.request('DELETE', '/items')).mustBe(429);
    (await app.get('/items?page=2')).mustBe(429);
  });
  await step(t, 'refused before the body is read', async () => {
    const headers = { 'Content-Type': 'application/json' };
    (await app.post('/items', { body: '{"text":', headers })).mustBe(429);
  });
  await step(t, 'after Retry-After a request is served', async () => {
    await service.pass(Math.floor(wait / 2));
    for (let i = 0; i < 3; i++) await app.get('/items');
    await service.pass(wait - Math.floor(wait / 2) + 5);
    const answer = await service.mustServe(app, {}, 'after as many seconds as Retry-After said');
    answer.must('JSON with items', () => Array.isArray((answer.json as { items: unknown }).items));
    answer.must('nothing stored by a request that was refused', () => !answer.text.includes(text));
  });
  await step(t, 'after a long time the whole budget is back', async () => {
    await service.pass(longest + 1000);
    await service.mustLimit(app);
  });
  await step(t, 'what is served is served whole', async () => {
    await service.pass(longest + 1000);
    (await app.post('/items', { json: { text } })).mustHaveJson(201, { text });
    const answer = await app.get('/items');
    answer.must(`200 and items, each with a text, one of them ${text}`, () => {
      const texts = (answer.json as { items: { text: unknown }[] }).items.map((item) => item.text);
      const areTexts = texts.every((each) => typeof each === 'string');
      return answer.status === 200 && areTexts && texts.includes(text);
    });
    for (let i = 2; i < service.limit; i++) await app.post('/items', { json: { text } });
    await service.mustRefuse(app, {}, '429: GET and POST share one budget');
  });
});

rule('R7', async (t) => {
  const service = new Service(t);
  const fresh = async (more: Record<string, unknown>): Promise<App> => {
    service.store.forget();
    return await service.open(more);
  };
  /** Headers in which others tell addresses: anybody can send them, and our proxies do not write them. */
  const mustOverlookOthers = async (app: App, headers: Record<string, string>, what: string) => {
    for (const name of ['X-Real-IP', 'X-Client-IP', 'True-Client-IP', 'CF-Connecting-IP', 'Forwarded']) {
      const address = service.address();
      const invented = { ...headers, [name]: name === 'Forwarded' ? `for=${address}` : address };
      await service.mustRefuse(app, invented, `429, whatever ${name} says: the address is ${what}`);
    }
  };
  const plain = await fresh({});
  await step(t, 'without a proxy X-Forwarded-For counts for nothing', async () => {
    for (let i = 1; i <= service.limit; i++) {
      await service.mustServe(plain, from(service.address()), `request ${i} of ${service.limit}`);
    }
    await service.mustRefuse(plain, from(service.address()), '429, whatever X-Forwarded-For says');
    await mustOverlookOthers(plain, {}, 'the connection');
  });
  const one = await fresh({ trustedProxies: 1 });
  const [ada, bob] = [service.address(), service.address()];
  await step(t, 'behind one proxy every client has a budget', async () => {
    await service.mustLimit(one, from(ada));
    await service.mustLimit(one, from(bob));
  });
  await step(t, 'behind one proxy an invented entry changes nothing', async () => {
    await service.mustRefuse(one, from(service.address(), ada), '429: the last entry is the client');
    const tight = { 'X-Forwarded-For': `${service.address()},${ada}` };
    await service.mustRefuse(one, tight, '429: the last entry is the client, also without a space before it');
    await mustOverlookOthers(one, from(ada), 'the last entry of X-Forwarded-For');
    const eve = service.address();
    for (let i = 1; i <= service.limit; i++) {
      await service.mustServe(
        one,
        from(service.address(), service.address(), eve),
        `request ${i} of ${service.limit}`,
      );
    }
    await service.mustRefuse(one, from(service.address(), eve), '429: the last entry is the client');
  });
  const two = await fresh({ trustedProxies: 2 });
  await step(t, 'behind two proxies the last entry but one is the client', async () => {
    const [eve, proxy] = [service.address(), service.address()];
    for (let i = 1; i <= service.limit; i++) {
      await service.mustServe(two, from(service.address(), eve, proxy), `request ${i} of ${service.limit}`);
    }
    await service.mustRefuse(
      two,
      from(service.address(), eve, proxy),
      '429: the last entry but one is the client',
    );
    await service.mustServe(
      two,
      from(eve, service.address(), proxy),
      'another client behind the same proxies',
    );
  });
});

rule('R8', async (t) => {
  const service = new Service(t, { limit: 4 });
  const proxies = { trustedProxies: 1 };
  const first = await service.open(proxies);
  // The second process comes to life while the first one is judged.
  const coming = service.open(proxies, { host: 2 });
  coming.catch(() => undefined);
  await step(t, 'a new instance knows what was spent', async () => {
    const client = from(service.address());
    await service.mustLimit(first, client);
    await service.mustRefuse(
      await service.open(proxies),
      client,
      '429 from an instance that was started later',
    );
  });
  const apps = await step(t, 'an instance in another process', async () => [first, await coming] as const);
  await step(t, 'two instances share one budget', async () => {
    const client = from(service.address());
    for (let i = 0; i < service.limit; i++) {
      await service.mustServe(apps[i % 2 === 0 ? 0 : 1], client, `request ${i + 1} of ${service.limit}`);
    }
    for (const app of apps) await service.mustRefuse(app, client, '429 from both instances');
  });
  await step(t, 'two instances, requests at the same moment', async () => {
    const client = from(service.address());
    service.store.hold();
    const all = Promise.all(
      Array.from({ length: 12 }, (_, i) => apps[i % 2 === 0 ? 0 : 1].get('/items', { headers: client })),
    );
    all.catch(() => undefined);
    await service.store.gathered(12);
    await service.store.release();
    const answers = await all;
    const served = answers.filter(({ status }) => status === 200).length;
    const refused = answers.filter(({ status }) => status === 429).length;
    if (served === service.limit && refused === 12 - service.limit) return;
    throw new Unmet({
      expected: `${service.limit} of 12 requests served, and all others 429`,
      got: `${served} served, ${refused} refused with 429`,
      sent: '12 times GET /items at the same moment, 6 to each instance',
    });
  });
});

rule('R9', async (t) => {
  const service = new Service(t, { limit: 1000 });
  const apiKey = t.random.word(20);
  const app = await service.open({ trustedProxies: 1, apiKeys: new Map([[apiKey, t.random.word()]]) });
  const address = service.address();
  const home = from(address);
  const ada = service.person();
  await service.toWindowStart(FAILURE_WINDOW_MS);
  await step(t, 'right passwords never count', async () => {
    for (let i = 0; i < 6; i++) (await login(app, ada, home)).mustBe(200);
  });
  await step(t, 'a success starts the count anew', async () => {
    await mustFail(app, ada, home, 4);
    (await login(app, ada, home)).mustBe(200);
    await mustFail(app, ada, home, 5);
  });
  const wait = await step(t, 'after five failures 429 with Retry-After', async () => {
    const answer = (await login(app, guess(ada), home)).mustBe(429);
    return retryAfterMs(answer, service, FAILURE_WINDOW_MS * 2);
  });
  await step(t, 'then no password is looked at, not even the right one', async () => {
    const before = service.verify.calls.length;
    (await login(app, ada, home)).mustBe(429);
    (await login(app, ada, from(service.address(), address))).mustBe(429);
    (await login(app, ada, { ...home, 'X-API-Key': apiKey })).mustBe(429);
    mustHave(service.verify.calls.length === before, 'no call of verify', 'verify was called', ada);
  });
  await step(t, 'other addresses and other accounts are free', async () => {
    (await login(app, ada, from(service.address()))).mustBe(200);
    (await login(app, service.person(), home)).mustBe(200);
    const loud = { account: ada.account.toUpperCase(), password: 'a guess' };
    (await login(app, loud, home)).mustBe(401);
  });
  await step(t, 'account and password are looked at as they were sent', async () => {
    const wide = { account: ` ${ada.account} `, password: ' A guess ' };
    (await login(app, wide, home)).mustBe(401);
    const got = service.verify.calls.at(-1);
    mustHave(
      same(got, [wide.account, wide.password]),
      `verify(${show(wide.account)}, ${show(wide.password)})`,
      `verify was called with ${show(got)}`,
      wide,
    );
  });
  await step(t, 'still refused after 14 minutes', async () => {
    for (const minutes of [5, 5, 4]) {
      await service.pass(minutes * 60_000);
      (await login(app, guess(ada), home)).mustBe(429);
    }
  });
  await step(t, 'asking again has not made it longer', async () => {
    await service.pass(Math.max(0, wait - 14 * 60_000) + 5);
    const answer = await login(app, ada, home);
    answer.must(`200, ${wait / 1000} seconds after Retry-After said so`, ({ status }) => status === 200);
  });
  await step(t, 'old failures are forgotten', async () => {
    await mustFail(app, ada, home, 4);
    await service.pass(2 * FAILURE_WINDOW_MS + 1000);
    await mustFail(app, ada, home, 2);
    (await login(app, ada, home)).mustBe(200);
  });
  await step(t, 'a failure now and then does not add up', async () => {
    const bob = service.person();
    for (let i = 0; i < 6; i++) {
      await mustFail(app, bob, home, 1);
      await service.pass(8 * 60_000);
    }
  });
  await step(t, 'an account that does not exist looks the same', async () => {
    const [known, unknown] = [service.person(), service.stranger()];
    for (let i = 1; i <= 6; i++) {
      const wrong = await login(app, guess(known), home);
      const nobody = await login(app, unknown, home);
      wrong.mustBe(i <= 5 ? 401 : 429);
      const same = `the answer that a wrong password gets: ${wrong.describe()}`;
      nobody.must(same, () => shown(nobody, unknown) === shown(wrong, known));
    }
  });
  await step(t, 'what the login writes expires', async () => {
    const wrong = service.store.writes.find((write) => !expiresWithin(3 * FAILURE_WINDOW_MS)(write));
    const got = `ttlMs ${String(wrong?.ttlMs)} for the key ${wrong?.key ?? ''}`;
    mustHave(wrong === undefined, 'a ttlMs of up to 45 minutes with every write', got, ada);
  });
});

async function mustFail(
  app: App,
  person: Login,
  headers: Record<string, string>,
  count: number,
): Promise<void> {
  for (let i = 0; i < count; i++) (await login(app, guess(person), headers)).mustBe(401);
}

/** What a client can tell apart, without the name that it sent itself. */
function shown(answer: Answer, { account }: Login): string {
  return JSON.stringify([answer.status, answer.mediaType, answer.text.replaceAll(account, '…')]);
}

function mustHave(holds: boolean, expected: string, got: string, sent: unknown): void {
  if (!holds) throw new Unmet({ expected, got, sent: `POST /login ${show(sent)}` });
}

rule('R10', async (t) => {
  const service = new Service(t);
  const { store, limit } = service;
  const app = await service.open({ trustedProxies: 1 });
  const client = from(service.address());
  const ada = service.person();
  await step(t, 'while the store works, the limit holds', async () => {
    await service.mustLimit(app, client);
    (await login(app, ada, from(service.address()))).mustBe(200);
  });
  await step(t, 'the store is down: requests are served', async () => {
    store.break('incr', 'get', 'update');
    for (let i = 0; i <= limit; i++) await service.mustServe(app, client, 'the store rejects');
  });
  await step(t, 'the store is down: nobody can log in', async () => {
    const before = service.verify.calls.length;
    (await login(app, ada, client)).mustBe(503);
    (await login(app, guess(ada), client)).mustBe(503);
    mustHave(service.verify.calls.length === before, 'no call of verify', 'verify was called', ada);
  });
  await step(t, 'the store can be read, and not written', async () => {
    store.work();
    store.break('incr', 'update');
    const other = from(service.address());
    for (let i = 0; i <= limit; i++) await service.mustServe(app, other, 'writes to the store reject');
    for (let i = 0; i < 7; i++) {
      const answer = await login(app, guess(ada), other);
      answer.must('503: a guess that cannot be counted', ({ status }) => status === 503);
    }
  });
  await step(t, 'as soon as the store works again, limits hold again', async () => {
    store.work();
    await service.mustLimit(app, from(service.address()));
    (await login(app, ada, from(service.address()))).mustBe(200);
  });
  await step(t, 'the store is back', async () => {
    await service.pass(2 * FAILURE_WINDOW_MS + 1000);
    await service.mustLimit(app, client);
    (await login(app, ada, from(service.address()))).mustBe(200);
  });
});
