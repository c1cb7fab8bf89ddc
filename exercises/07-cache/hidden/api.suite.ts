// canary f27c03ba5e8914d6a3b0e55c
import { rule, step } from '#suite';
import type { Answer } from '#suite';
import { inputOf, json, mustAsk, mustBe, mustBeCached, openApi, Shop } from './api.ts';

rule('R6', async (t) => {
  const shop = new Shop(t);
  const app = await openApi(t);
  const product = shop.stock();
  const path = `/products/${product.id}`;
  await step(t, 'HEAD comes first', async () => {
    (await app.request('HEAD', path)).mustBe(200);
  });
  await step(t, 'a product is read twice', () =>
    mustBeCached(app, path, shop.asked('product'), json(product)),
  );
  await step(t, 'a second instance finds it too', async () => {
    const second = await openApi(t);
    const other = shop.stock();
    // It is connected to Redis when this works.
    await mustBeCached(second, `/products/${other.id}`, shop.asked('product'), json(other));
    const before = shop.asked('product').calls.length;
    mustBe(await second.get(path), json(product)).must(
      'the answer that the first instance has stored, without a call of source.product',
      () => shop.asked('product').calls.length === before,
    );
  });
  await step(t, 'HEAD of what is cached', async () => {
    (await app.request('HEAD', path)).must(
      '200 without a body',
      ({ status, body }) => status === 200 && body.length === 0,
    );
  });
  await step(t, 'a list', () =>
    mustBeCached(app, '/products', shop.asked('products'), json([...shop.products.values()])),
  );
  await step(t, 'a picture comes back byte for byte', async () => {
    const bytes = Buffer.from(Array.from({ length: 512 }, (_, index) => 255 - (index % 256)));
    shop.pictures.set(product.id, bytes);
    const expected = { status: 200, type: 'image/png', body: bytes };
    await mustBeCached(app, `${path}/picture`, shop.asked('picture'), expected);
  });
  await step(t, 'a text', async () => {
    const body = 'welcome in en — willkommen, señor';
    await mustBeCached(app, '/welcome', shop.asked('welcome'), { status: 200, type: 'text/plain', body });
    (await app.get('/welcome')).must('Vary with Accept-Language, as the first time', (answer) =>
      answer.list('vary').some((name) => name.toLowerCase() === 'accept-language' || name === '*'),
    );
  });
  await step(t, 'a 404 is not kept', async () => {
    const id = t.random.word();
    for (let i = 0; i < 2; i++) (await app.get(`/products/${id}`)).mustBe(404);
    for (let i = 0; i < 2; i++) (await app.get(`/products/${id}/picture`)).mustBe(404);
    (await app.request('PUT', `/products/${id}`, { json: inputOf(t) })).mustBe(404);
    await t.settle();
    const found = shop.put(id, inputOf(t));
    mustBe(await app.get(`/products/${id}`), json(found));
  });
  await step(t, 'an error is not kept', async () => {
    const other = shop.stock();
    shop.asked('product').fails('the source is down');
    for (let i = 0; i < 2; i++)
      (await app.get(`/products/${other.id}`)).must('a status from 500 on', ({ status }) => status >= 500);
    shop.works();
    mustBe(await app.get(`/products/${other.id}`), json(other));
  });
  await step(t, 'two POSTs are two products', async () => {
    const input = inputOf(t);
    const add = shop.asked('add');
    for (let i = 1; i <= 2; i++) {
      const answer = await app.post('/products', { json: input });
      answer.must('201 from the source', ({ status }) => status === 201 && add.calls.length === i);
    }
  });
});

rule('R7', async (t) => {
  const shop = new Shop(t);
  const app = await openApi(t);
  const product = shop.stock();
  const [ada, bob] = [t.random.word(), t.random.word()];
  const own = (user: string) => json([{ user, secret: `of ${user}` }]);
  const orders = async (headers: Record<string, string>): Promise<Answer> =>
    await app.get('/me/orders', { headers });
  await step(t, 'answers that are for everybody are cached', () =>
    mustBeCached(app, `/products/${product.id}`, shop.asked('product'), json(product)),
  );
  const ways = [
    ['Authorization', (user: string) => ({ Authorization: `Bearer ${user}` })],
    ['a cookie', (user: string) => ({ Cookie: `session=${user}` })],
  ] as const;
  for (const [name, as] of ways) {
    await step(t, `two users, told by ${name}`, async () => {
      for (const user of [ada, bob, ada, bob]) mustBe(await orders(as(user)), own(user));
      await t.settle();
      mustBe(await orders(as(bob)), own(bob));
    });
    await step(t, `nobody, after users were told by ${name}`, async () => {
      (await orders({})).mustBe(401);
    });
  }
  await step(t, 'two users, told by "bearer" in small letters', async () => {
    for (const user of [ada, bob]) {
      const answer = await orders({ Authorization: `bearer ${user}` });
      if (answer.status !== 401) mustBe(answer, own(user));
      await t.settle();
    }
  });
  await step(t, 'what a user has read is not kept for others', async () => {
    const other = shop.stock();
    const target = `/products/${other.id}`;
    const read = async (headers: Record<string, string>): Promise<void> =>
      mustAsk(app, target, shop.asked('product'), json(other), headers);
    await read({ Authorization: `Bearer ${ada}` });
    await t.settle();
    await read({ Authorization: `Bearer ${bob}` });
    await t.settle();
    await read({ Cookie: `session=${t.random.word()}` });
    await t.settle();
    await read({});
  });
  await step(t, 'a user, after nobody was refused', async () => {
    for (let i = 0; i < 2; i++) (await orders({})).mustBe(401);
    mustBe(await orders({ Authorization: `Bearer ${ada}` }), own(ada));
  });
  await step(t, 'a user by Authorization, another one by cookie', async () => {
    mustBe(await orders({ Authorization: `Bearer ${ada}` }), own(ada));
    mustBe(await orders({ Cookie: `session=${bob}` }), own(bob));
    mustBe(await orders({ Cookie: `theme=dark; session=${ada}` }), own(ada));
  });
});

rule('R8', async (t) => {
  const shop = new Shop(t);
  const app = await openApi(t);
  const pot = shop.stock({ category: 'kitchen', price: 900 });
  const cup = shop.stock({ category: 'kitchen', price: 100 });
  const lamp = shop.stock({ category: 'living', price: 500 });
  const strange = shop.stock({ category: 'kitchen&sort=price', price: 300 });
  const list = shop.asked('products');
  const kitchen = json([cup, pot]);
  await step(t, 'a list with two parameters', async () => {
    await mustBeCached(app, '/products?category=kitchen&sort=price', list, kitchen);
  });
  await step(t, 'the same parameters in another order', async () => {
    const before = list.calls.length;
    const answer = mustBe(await app.get('/products?sort=price&category=kitchen'), kitchen);
    answer.must(
      'the answer that is cached already, without a call of source.products',
      () => list.calls.length === before,
    );
  });
  for (const [query, expected] of [
    ['?category=kitchen', [pot, cup]],
    ['?category=living&sort=price', [lamp]],
    ['?sort=price', [cup, strange, lamp, pot]],
    ['', [pot, cup, lamp, strange]],
    ['?category=kitchen%26sort%3Dprice', [strange]],
    ['?category=', []],
    ['?category=Kitchen&sort=price', []],
  ] as const) {
    await step(t, `another query: ${query || 'none'}`, () =>
      mustBeCached(app, `/products${query}`, list, json([...expected])),
    );
  }
  await step(t, 'a path that ends in the same id', async () => {
    await mustBeCached(app, `/products/${pot.id}`, shop.asked('product'), json(pot));
    const picture = Buffer.from([1, 2, 3]);
    shop.pictures.set(pot.id, picture);
    await mustBeCached(app, `/products/${pot.id}/picture`, shop.asked('picture'), {
      status: 200,
      type: 'image/png',
      body: picture,
    });
    await mustBeCached(app, `/products/${cup.id}`, shop.asked('product'), json(cup));
  });
  for (const language of ['de', 'fr', 'en', 'de']) {
    await step(t, `Accept-Language: ${language}`, async () => {
      const body = `welcome in ${language} — willkommen, señor`;
      const expected = { status: 200, type: 'text/plain', body };
      await mustBeCached(app, '/welcome', shop.asked('welcome'), expected, { 'Accept-Language': language });
    });
  }
  for (const [accepted, language] of [
    ['fr;q=0.2, de', 'de'],
    ['fr, de;q=0.2', 'fr'],
    ['es, de;q=0.5', 'de'],
  ] as const) {
    await step(t, `Accept-Language: ${accepted}`, async () => {
      const body = `welcome in ${language} — willkommen, señor`;
      const headers = { 'Accept-Language': accepted };
      mustBe(await app.get('/welcome', { headers }), { status: 200, type: 'text/plain', body });
    });
  }
});

/** Who waits for Redis on a real clock waits for half a second at least, so who answers sooner has not waited, in milliseconds. */
