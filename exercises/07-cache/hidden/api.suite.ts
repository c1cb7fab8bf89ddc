// canary f27c03ba5e8914d6a3b0e55c
import { eventually, rule, show, step } from '#suite';
import type { Answer, App } from '#suite';
import type { Expected } from './api.ts';
import { inputOf, json, mustAsk, mustBe, mustBeCached, mustHold, openApi, served, Shop, TTL } from './api.ts';
import { begun } from './stage.ts';

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
const HASTY = 250;

rule('R9', async (t) => {
  const shop = new Shop(t);
  const [app, other] = [await openApi(t), await openApi(t)];
  const item = shop.stock({ category: 'kitchen', price: 500 });
  const path = `/products/${item.id}`;
  const lists = [
    '/products',
    '/products?category=kitchen',
    '/products?sort=price&category=kitchen',
    '/products?category=living',
  ] as const;
  const [one, all] = [shop.asked('product'), shop.asked('products')];
  const listed = (target: string) =>
    json(
      [...shop.products.values()].filter(
        ({ category }) => !target.includes('category') || target.includes(category),
      ),
    );
  const picture = (): Expected => ({
    status: 200,
    type: 'image/png',
    body: shop.pictures.get(item.id) ?? Buffer.alloc(0),
  });
  shop.pictures.set(item.id, Buffer.from([0x89, 0x50]));
  const [plain, kitchen, , living] = lists;
  const expected = (target: string) => (target === path ? json(shop.products.get(item.id)) : listed(target));
  /** Reads them all at the same moment. Whether the source was left alone. */
  const round = async (of: App, targets: readonly string[]): Promise<boolean> => {
    const before = one.calls.length + all.calls.length;
    const answers = await Promise.all(targets.map((target) => of.get(target)));
    targets.forEach((target, index) => mustBe(answers[index] as Answer, expected(target)));
    return one.calls.length + all.calls.length === before;
  };
  const warm = async (some: readonly string[]): Promise<void> => {
    const targets = [path, ...some];
    if ((await round(app, targets)) || (await round(app, targets))) return;
    for (const target of targets)
      await mustBeCached(app, target, target === path ? one : all, expected(target));
  };
  const fresh = async (some: readonly string[]): Promise<void> => {
    await round(app, [path, ...some]);
    await round(other, [path, ...some.slice(0, 1)]);
  };
  await step(t, 'the product and the lists are cached', () => warm(lists));
  await step(
    t,
    'PUT is seen at once: in the product, its picture and every list, by every instance',
    async () => {
      await mustBeCached(app, `${path}/picture`, shop.asked('picture'), picture());
      shop.pictures.set(item.id, Buffer.from([0x89, 0x51]));
      const input = inputOf(t, { category: 'kitchen' });
      mustBe(await app.request('PUT', path, { json: input }), json({ ...input, id: item.id }));
      await fresh(lists);
      mustBe(await app.get(`${path}/picture`), picture());
    },
  );
  await step(t, 'it moves to another category', async () => {
    await warm([kitchen, living]);
    (await app.request('PUT', path, { json: inputOf(t, { category: 'living' }) })).mustBe(200);
    await fresh([kitchen, living]);
  });
  await step(t, 'POST is seen in the lists', async () => {
    await warm([plain, kitchen]);
    (await other.post('/products', { json: inputOf(t, { category: 'kitchen' }) })).mustBe(201);
    await fresh([plain, kitchen]);
  });
  await step(t, 'what was not written stays cached', async () => {
    const still = shop.stock({ category: 'garden' });
    const welcome = { status: 200, type: 'text/plain', body: 'welcome in en — willkommen, señor' };
    await mustBeCached(app, '/welcome', shop.asked('welcome'), welcome);
    await mustBeCached(app, `/products/${still.id}`, one, json(still));
    // Whoever forgets by the beginning of a key forgets this one as well.
    const long = shop.put(`${item.id}0`, inputOf(t, { category: 'garden' }));
    await mustBeCached(app, `/products/${long.id}`, one, json(long));
    (await app.request('PUT', path, { json: inputOf(t, { category: 'living' }) })).mustBe(200);
    const stays = async (): Promise<void> => {
      for (const other of [still, long]) {
        const before = one.calls.length;
        const answer = mustBe(await app.get(`/products/${other.id}`), json(other));
        answer.must(
          'the answer that is cached: another product was written',
          () => one.calls.length === before,
        );
      }
      const before = shop.asked('welcome').calls.length;
      mustBe(await app.get('/welcome'), welcome).must(
        'the answer that is cached: no product changes it',
        () => shop.asked('welcome').calls.length === before,
      );
    };
    await stays();
    t.step = 'what was not written stays cached, after POST';
    (await app.post('/products', { json: inputOf(t, { category: 'living' }) })).mustBe(201);
    await stays();
  });
  await step(t, 'writes of users who say who they are', async () => {
    await warm([plain]);
    const headers = { Authorization: `Bearer ${t.random.word()}` };
    (await app.request('PUT', path, { json: inputOf(t, { category: 'living' }), headers })).mustBe(200);
    await fresh([plain]);
    await warm([plain]);
    const cookie = { Cookie: `session=${t.random.word()}` };
    (await app.post('/products', { json: inputOf(t), headers: cookie })).mustBe(201);
    await fresh([plain]);
  });
  await step(t, 'a read while the write is still on its way', async () => {
    await warm([plain]);
    const save = shop.asked('save').hold();
    const writing = begun(app.request('PUT', path, { json: inputOf(t, { category: 'living' }) }));
    await t.quiet();
    for (let i = 0; i < 50 && save.waiting === 0; i++) await t.settle();
    // Whoever forgets before the write has happened caches the old product here once more.
    for (let i = 0; i < 2; i++) for (const target of [path, plain]) (await app.get(target)).mustBe(200);
    await t.settle();
    await save.release();
    (await writing).mustBe(200);
    await fresh([plain]);
  });
  await step(t, 'PUT is answered when Redis has forgotten, and not before', async () => {
    await mustBeCached(app, path, one, json(shop.products.get(item.id)));
    await t.redis.hang();
    const save = shop.asked('save');
    const saved = save.calls.length;
    const begun = Date.now();
    let took = Infinity;
    const writing = app
      .request('PUT', path, { json: inputOf(t, { category: 'living' }) })
      .finally(() => (took = Date.now() - begun));
    writing.catch(() => {});
    // Who does not wait answers as soon as the source has.
    await eventually(async () => save.calls.length > saved || took < Infinity, HASTY / 2);
    await t.quiet();
    await eventually(async () => took < Infinity, HASTY / 5);
    mustHold(
      took > HASTY,
      'no answer to PUT while Redis has not said that it has forgotten, and timeoutMs is not over',
      `an answer after ${took} ms`,
    );
    await t.redis.heal();
    (await served(t, writing)).mustBe(200);
    mustBe(await other.get(path), json(shop.products.get(item.id)));
  });
});

rule('R10', async (t) => {
  const shop = new Shop(t);
  const app = await openApi(t);
  const product = shop.stock();
  const path = `/products/${product.id}`;
  const right = async (of = app): Promise<void> => {
    mustBe(await served(t, of.get(path)), json(product));
  };
  const write = async (): Promise<void> => {
    const input = inputOf(t);
    mustBe(await served(t, app.request('PUT', path, { json: input })), json({ ...input, id: product.id }));
    Object.assign(product, shop.products.get(product.id));
  };
  await step(t, 'Redis works', () => mustBeCached(app, path, shop.asked('product'), json(product)));
  for (const text of ['', 'not JSON', '{"status":200', '[]', 'null', '7']) {
    await step(t, `every value in Redis is ${JSON.stringify(text)}`, async () => {
      for (const key of await t.redis.keys()) await t.redis.command('SET', key, text);
      mustBe(await app.get(path), json(product));
    });
  }
  await step(t, 'every value in Redis is of another kind', async () => {
    for (const key of await t.redis.keys()) {
      const kind = await t.redis.command('TYPE', key);
      await t.redis.command('DEL', key);
      if (kind === 'list') await t.redis.command('SADD', key, 'x');
      else await t.redis.command('RPUSH', key, 'x');
    }
    await right();
    await t.redis.command('FLUSHDB');
  });
  await step(t, 'Redis hangs', async () => {
    await mustBeCached(app, path, shop.asked('product'), json(product));
    await t.redis.hang();
    await right();
    await write();
    await t.redis.heal();
  });
  await step(t, 'Redis answers garbage', async () => {
    await t.redis.garbage();
    await right();
    await right();
    await t.redis.heal();
  });
  await step(t, 'Redis is down', async () => {
    await t.redis.down();
    for (let i = 0; i < 3; i++) await right();
    await write();
    mustBe(await served(t, app.get('/products')), json([...shop.products.values()]));
  });
  await step(t, 'an instance that starts while Redis is down', async () => {
    await right(await openApi(t));
    await t.settle();
  });
});

rule('R16', async (t) => {
  const shop = new Shop(t);
  const app = await openApi(t);
  const product = shop.stock();
  const path = `/products/${product.id}`;
  const pass = async (ms: number): Promise<void> => {
    await t.clock.advance(ms);
    await t.redis.advance(ms);
  };
  await step(t, 'an answer is cached', () => mustBeCached(app, path, shop.asked('product'), json(product)));
  await step(t, 'shortly before its time is over', async () => {
    await pass(TTL - 10_000);
    await mustBeCached(app, path, shop.asked('product'), json(product));
  });
  await step(t, 'after its time the source is asked again', async () => {
    await pass(20_000);
    const next = shop.put(product.id, inputOf(t));
    await mustAsk(app, path, shop.asked('product'), json(next));
  });
  const write = async (): Promise<void> => {
    (await app.request('PUT', path, { json: inputOf(t) })).mustBe(200);
  };
  for (const lives of [1, 2, 10]) {
    // Whatever tells old answers from new ones may have come to its end, and begun again.
    await step(t, `a write after ${lives} times ttlMs, and a write before`, async () => {
      await write();
      await pass(lives * TTL - 10_000);
      await mustBeCached(app, path, shop.asked('product'), json(shop.products.get(product.id)));
      await pass(20_000);
      await write();
      mustBe(await app.get(path), json(shop.products.get(product.id)));
    });
  }
  await step(t, 'nothing stays in Redis for ever', async () => {
    await mustBeCached(app, '/products', shop.asked('products'), json([...shop.products.values()]));
    (await app.request('PUT', path, { json: inputOf(t) })).mustBe(200);
    await mustBeCached(app, path, shop.asked('product'), json(shop.products.get(product.id)));
    await pass(100 * TTL);
    const keys = await t.redis.keys();
    mustHold(keys.length === 0, 'no key in Redis after a long time without requests', show(keys));
  });
});
