// canary 14d2e655776f3354f0d45431
import { eventually, rule, step, Unmet } from '#suite';
import type { Answer, Trial } from '#suite';
import { from, guess, login, Service, STORE_TIMEOUT_MS } from './api.ts';
import { gathered } from './store.ts';

rule('R14', async (t) => {
  const service = new Service(t);
  const app = await service.open();
  const longest = (2 * service.windowMs) / 1000;
  let reset = 0;
  await step(t, 'answers say what is left', async () => {
    for (let left = service.limit - 1; left >= 0; left--) {
      mustSay(await service.mustServe(app, {}, 'a request within the limit'), service, left, 0, longest);
    }
  });
  await step(t, 'never below 0', async () => {
    for (let i = 0; i < 3; i++) {
      reset = mustSay(await service.mustRefuse(app, {}), service, 0, 1, longest);
    }
  });
  await step(t, 'the reset of a 429 is true', async () => {
    await service.pass(reset * 1000 + 5);
    await service.mustServe(app, {}, `after the ${reset} seconds until the reset`);
  });
  await step(t, 'answers to POST say it too', async () => {
    await service.pass(2 * service.windowMs + 1000);
    const post = (): Promise<Answer> => app.post('/items', { json: { text: t.random.word() } });
    mustSay((await post()).mustBe(201), service, service.limit - 1, 0, longest);
    for (let i = 1; i < service.limit; i++) await post();
    mustSay((await post()).mustBe(429), service, 0, 1, longest);
  });
});

/** Either family of headers; returns the seconds until the reset. */
function mustSay(answer: Answer, service: Service, left: number, least: number, longest: number): number {
  const { limit } = service;
  const window = service.windowMs / 1000;
  const said = structured(answer, limit) ?? separate(answer);
  const expected =
    `RateLimit-Policy with q=${limit} and w=${window}, and RateLimit with r=${left} and t from ${least} to ${longest}; ` +
    `or RateLimit-Limit: ${limit}, RateLimit-Remaining: ${left} and RateLimit-Reset`;
  const got = ['ratelimit-policy', 'ratelimit', 'ratelimit-limit', 'ratelimit-remaining', 'ratelimit-reset']
    .filter((name) => answer.header(name) !== null)
    .map((name) => `${name}: ${answer.header(name)}`);
  const holds =
    said !== null &&
    said.limit === limit &&
    (said.window === null || said.window === window) &&
    said.left === left &&
    said.reset >= least &&
    said.reset <= longest;
  if (holds) return said.reset;
  throw new Unmet({
    expected,
    got: got.length === 0 ? 'none of these headers' : got.join(' · '),
    sent: `${answer.exchange.method} ${answer.exchange.target}`,
    exchange: answer.exchange,
  });
}

type Said = { limit: number; window: number | null; left: number; reset: number };

/** `"default";q=10;w=60` and `"default";r=9;t=60`: the present draft. The policy with this quota counts, where there are several. */
function structured(answer: Answer, limit: number): Said | null {
  const policy = members(answer, 'ratelimit-policy').find(({ parameters }) => parameters.get('q') === limit);
  const states = members(answer, 'ratelimit');
  const state = states.find(({ name }) => name === policy?.name);
  if (policy === undefined || state === undefined) return null;
  return {
    limit,
    window: policy.parameters.get('w') ?? Number.NaN,
    left: state.parameters.get('r') ?? Number.NaN,
    reset: state.parameters.get('t') ?? Number.NaN,
  };
}

type Member = { name: string; parameters: Map<string, number> };

/** The members of a structured list whose parameters are whole numbers (RFC 9651 §3.1). The name may be a string or a token. */
function members(answer: Answer, header: string): Member[] {
  return answer.list(header).map((text) => {
    const [name = '', ...rest] = text.split(';').map((part) => part.trim());
    const pairs = rest.map((part) => part.split('=').map((piece) => piece.trim()));
    const parameters = new Map(pairs.map(([key = '', value = '']) => [key, whole(value)]));
    return { name: name.replaceAll('"', ''), parameters };
  });
}

/** RateLimit-Limit, -Remaining and -Reset: the drafts before, and still common. A policy may follow the limit. */
function separate(answer: Answer): Said | null {
  const [limit, left, reset] = ['limit', 'remaining', 'reset'].map((name) =>
    answer.header(`ratelimit-${name}`),
  );
  if (typeof limit !== 'string' || typeof left !== 'string' || typeof reset !== 'string') return null;
  const first = limit.split(',')[0]?.trim() ?? '';
  return { limit: whole(first), window: null, left: whole(left), reset: whole(reset) };
}

function whole(text: string): number {
  return /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
}

rule('R15', async (t) => {
  const service = new Service(t);
  const [first, second, other] = [t.random.word(20), t.random.word(20), t.random.word(20)];
  const user = t.random.word();
  const [home, work] = [service.address(), service.address()];
  // A user may be called as they like, also like an address.
  const named = service.address();
  const apiKeys = new Map([
    [first, user],
    [second, user],
    [other, named],
  ]);
  const app = await service.open({ trustedProxies: 1, apiKeys });
  const using = (key: string, address: string): Record<string, string> => ({
    ...from(address),
    'X-API-Key': key,
  });
  await step(t, 'a user has a budget, from wherever', async () => {
    await service.mustServe(app, using(first, home), 'with an API key');
    for (let i = 2; i <= service.limit; i++) {
      await service.mustServe(app, using(i % 2 === 0 ? second : first, work), 'from another address');
    }
    await service.mustRefuse(app, using(first, home), '429: the budget of this user is spent');
    await service.mustRefuse(app, using(second, work), '429 with another key of the same user');
  });
  await step(t, 'the addresses of that user have budgets of their own', async () => {
    await service.mustLimit(app, from(home));
    await service.mustServe(app, using(other, home), 'another user at the same address');
  });
  await step(t, 'an invented key buys nothing', async () => {
    for (const key of [t.random.word(20), 'constructor', '__proto__']) {
      await service.mustRefuse(app, using(key, home), '429: nobody has this key, so the address counts');
    }
  });
  await step(t, 'a user who is called like an address', async () => {
    for (let i = 2; i <= service.limit; i++) {
      await service.mustServe(app, using(other, work), 'a user within the limit');
    }
    await service.mustRefuse(app, using(other, work));
    await service.mustServe(app, from(named), 'the address that is called like a user');
  });
});

rule('R16', async (t) => {
  const service = new Service(t);
  const { store } = service;
  const ada = service.person();
  const app = await service.open();
  store.hold();
  await step(t, 'a store that does not answer: the request is served', async () => {
    const answer = await answeredInTime(t, service, app.get('/items'));
    answer.must('200 after the time for the store is over', ({ status }) => status === 200);
  });
  await step(t, 'a store that does not answer: nobody can log in', async () => {
    (await answeredInTime(t, service, login(app, ada))).mustBe(503);
    if (service.verify.calls.length > 0) {
      throw new Unmet({ expected: 'no call of verify', got: 'verify was called', sent: 'POST /login' });
    }
  });
  await step(t, 'answers that come too late', async () => {
    store.break('incr', 'get', 'update');
    await store.release();
    await t.quiet();
    (await app.get('/health')).mustBe(200);
  });
  await step(t, 'the store is back', async () => {
    store.work();
    await service.pass(2 * service.windowMs + 1000);
    (await login(app, ada)).mustBe(200);
    await service.pass(2 * service.windowMs + 1000);
    await service.mustLimit(app);
  });
  await step(t, 'a store that is slow, and answers each call in its time', async () => {
    store.hold();
    const person = service.person();
    (await answeredSlowly(service, login(app, guess(person)))).mustBe(401);
    (await answeredSlowly(service, login(app, person))).mustBe(200);
  });
});

/** The answer to a request whose calls of the store take long, each by itself not too long. */
async function answeredSlowly(service: Service, request: Promise<Answer>): Promise<Answer> {
  let done = false;
  const settled = (): void => void (done = true);
  request.then(settled, settled);
  for (let calls = 0; calls < 20 && !done; calls++) {
    await eventually(async () => done || service.store.waiting > 0, 3000);
    if (done) break;
    await service.pass(STORE_TIMEOUT_MS * 0.8);
    await service.store.answerWaiting();
  }
  return await request;
}

/**
 * The answer to a request whose calls of the store hang. Each gets its time on the clock: a program may ask a second time,
 * or not at all once it knows that the store is down.
 */
async function answeredInTime(t: Trial, service: Service, request: Promise<Answer>): Promise<Answer> {
  let done = false;
  const settled = (): void => void (done = true);
  request.then(settled, settled);
  for (let tries = 0; tries < 5 && !done; tries++) {
    const before = tries === 0 ? 0 : service.store.waiting;
    await eventually(async () => done || service.store.waiting > before, tries === 0 ? 3000 : 50);
    if (done) break;
    await t.clock.waiting(1);
    await service.pass(STORE_TIMEOUT_MS + 5);
    await eventually(async () => done, 50);
  }
  return await request;
}

rule('R17', async (t) => {
  const service = new Service(t, { limit: 1000 });
  const app = await service.open();
  const ada = service.person();
  await step(t, '20 guesses at the same moment', async () => {
    service.verify.hold();
    // However slowly they come on a busy machine: nobody's failure is counted before all have asked.
    service.store.hold();
    let answered = 0;
    const requests = Array.from({ length: 20 }, async (_, i) => {
      const answer = await login(app, guess(ada, `guess ${i}`));
      answered++;
      return answer;
    });
    const all = Promise.all(requests);
    // An answer that is missed before anybody waits for it is no failure of the suite.
    all.catch(() => undefined);
    await service.store.gathered(20);
    await service.store.release();
    // Each has its answer or has come as far as verify; a program that takes one after the other gets a moment.
    await gathered(() => service.verify.waiting + answered, 20);
    await service.verify.release();
    const statuses = (await all).map(({ status }) => status);
    const looked = service.verify.calls.length;
    const [failed, refused] = [401, 429].map((status) => statuses.filter((each) => each === status).length);
    if (looked === 5 && failed === 5 && refused === 15) return;
    throw new Unmet({
      expected: '5 guesses looked at and answered 401, and 15 answered 429',
      got: `${looked} calls of verify, ${failed} times 401, ${refused} times 429`,
      sent: '20 times POST /login at the same moment, each with another wrong password',
    });
  });
  await step(t, 'and then nothing more', async () => {
    (await login(app, ada)).mustBe(429);
  });
});

rule('R18', async (t) => {
  const service = new Service(t, { limit: 2 });
  const maxKeys = 8;
  const app = await service.open({ trustedProxies: 1, maxKeys }, { own: true });
  await step(t, 'without a store the app keeps one itself', async () => {
    const client = from(service.address());
    await service.mustLimit(app, client);
    await service.pass(2 * service.windowMs + 1000);
    await service.mustLimit(app, client);
  });
  await step(t, 'two apps have nothing in common', async () => {
    const client = from(service.address());
    await service.mustLimit(app, client);
    const another = await service.open({ trustedProxies: 1, maxKeys }, { own: true });
    await service.mustServe(another, client, 'the first request to another app');
    const writer = from(service.address());
    const text = t.random.word();
    (await app.post('/items', { json: { text }, headers: writer })).mustBe(201);
    const answer = await another.get('/items', { headers: writer });
    answer.must(
      '200, and no item of the other app',
      () => answer.status === 200 && !answer.text.includes(text),
    );
  });
  await step(t, 'it remembers at most maxKeys', async () => {
    await service.pass(2 * service.windowMs + 1000);
    const clients = Array.from({ length: 3 * maxKeys }, () => from(service.address()));
    for (const client of clients) {
      await Promise.all([1, 2].map(() => service.mustServe(app, client, 'a new client')));
    }
    await service.mustRefuse(app, clients.at(-1) ?? {}, '429: the newest client is remembered');
    let known = 0;
    // From the last to the first: asking makes room for nobody who is still to be asked.
    for (const client of clients.toReversed()) {
      if ((await app.get('/items', { headers: client })).status === 429) known++;
    }
    if (known >= 1 && known <= maxKeys) return;
    throw new Unmet({
      expected: `from 1 to ${maxKeys} clients remembered (maxKeys is ${maxKeys})`,
      got: `${known} of ${clients.length} clients that had spent their budget were refused`,
      sent: `GET /items, three times from each of ${clients.length} addresses`,
    });
  });
  await step(t, 'the same with failures of logins', async () => {
    const own = new Service(t, { limit: 1000 });
    const few = 4;
    const doors = await own.open({ maxKeys: few }, { own: true });
    const people = Array.from({ length: 3 * few }, () => own.person());
    for (const person of people) {
      for (let i = 0; i < 5; i++) (await login(doors, guess(person))).mustBe(401);
    }
    let known = 0;
    for (const person of people.toReversed()) if ((await login(doors, guess(person))).status === 429) known++;
    if (known >= 1 && known <= few) return;
    throw new Unmet({
      expected: `from 1 to ${few} accounts remembered (maxKeys is ${few})`,
      got: `${known} of ${people.length} accounts with five failures were refused`,
      sent: `POST /login, six times for each of ${people.length} accounts`,
    });
  });
});

rule('R19', async (t) => {
  const service = new Service(t);
  const app = await service.open();
  await step(t, '/health is never refused', async () => {
    await service.mustLimit(app);
    for (let i = 0; i < service.limit + 2; i++) (await app.get('/health')).mustBe(200);
  });
  await step(t, '/health costs nothing', async () => {
    await service.pass(2 * service.windowMs + 1000);
    for (let i = 0; i < service.limit + 2; i++) (await app.get('/health')).mustBe(200);
    await service.mustLimit(app);
  });
  await step(t, 'no cache may keep a 429', async () => {
    const answer = await service.mustRefuse(app, {});
    answer.must('no permission to store it: no public, no max-age above 0', () => !cacheable(answer));
  });
  await step(t, '/health does not ask the store', async () => {
    service.store.break('incr', 'get', 'update');
    (await app.get('/health')).mustBe(200);
  });
});

function cacheable(answer: Answer): boolean {
  const directives = answer.list('cache-control').map((item) => item.toLowerCase());
  if (directives.includes('no-store')) return false;
  return directives.some((item) => item === 'public' || /^(s-)?max-?age="?0*[1-9]/.test(item));
}
