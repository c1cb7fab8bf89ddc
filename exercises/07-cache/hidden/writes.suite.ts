// canary bfe9adcec0eff397cc3286b4
import { eventually, rule, show, step } from '#suite';
import type { Answer, App } from '#suite';
import type { Expected } from './api.ts';
import { inputOf, json, mustAsk, mustBe, mustBeCached, mustHold, openApi, served, Shop, TTL } from './api.ts';
import { begun } from './stage.ts';

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
