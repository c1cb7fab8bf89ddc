// canary 5b3e90cf17d2a86410ef7c9d
import { played, rule, show, step } from '#suite';
import type { Made, Trial } from '#suite';
import { another, begun, calls, MISS_TTL, must, mustGet, mustWork, openCache } from './stage.ts';

const NEAR = 30_000;

/** Two caches on one store, each with a memory of its own; and what they publish. */
async function openTwo(t: Trial) {
  const near = { maxEntries: 100, ttlMs: NEAR, publish: played('publish') };
  const stage = await openCache(t, { near });
  const published = t.play('publish');
  let heard = 0;
  return {
    stage,
    one: stage.cache,
    two: await another(t, { near }),
    published,
    /** What was published since the last time, to each of these. */
    deliver: async (...caches: Made[]): Promise<void> => {
      const texts = published.calls.slice(heard).map(([text]) => text);
      heard = published.calls.length;
      must(
        texts.length > 0 && texts.every((text) => typeof text === 'string'),
        'a text is published',
        show(texts),
      );
      for (const cache of caches) for (const text of texts) await mustWork(cache, 'receive', [text]);
    },
  };
}

rule('R15', async (t) => {
  const { stage, one, two, published, deliver } = await openTwo(t);
  const { source, store } = stage;
  const near = async (cache: Made, key: string, value: unknown): Promise<void> => {
    const before = store.gets.calls.length;
    await mustGet(stage, cache, key, value, 0);
    const asked = store.gets.calls.length - before;
    must(
      asked === 0,
      'an answer from memory: no call of store.get',
      calls(asked, 'store.get'),
      cache.sent('get', [key]),
    );
  };
  await step(t, 'the second read of each comes from its memory', async () => {
    source.values.set('a', 'old').set('b', 'other');
    await mustGet(stage, one, 'a', 'old', 1);
    await mustGet(stage, two, 'a', 'old', 0);
    await mustGet(stage, two, 'b', 'other', 1);
    for (const cache of [one, two]) await near(cache, 'a', 'old');
  });
  for (const falsy of [0, '', false]) {
    await step(t, `memory keeps ${show(falsy)} as well`, async () => {
      const key = `falsy ${show(falsy)}`;
      source.values.set(key, falsy);
      await mustGet(stage, one, key, falsy, 1);
      await near(one, key, falsy);
    });
  }
  await step(t, 'invalidated in one, forgotten in the other', async () => {
    source.values.set('a', 'new');
    await mustWork(one, 'invalidate', ['a']);
    await deliver(two);
    await mustGet(stage, two, 'a', 'new');
    await mustGet(stage, one, 'a', 'new');
    await near(two, 'a', 'new');
    t.step = 'the other keys stay in memory';
    await near(two, 'b', 'other');
  });
  await step(t, 'written in one, to be seen in the other, and its own message does no harm', async () => {
    await mustWork(one, 'set', ['a', 'newer']);
    await deliver(two, one);
    await mustGet(stage, two, 'a', 'newer', 0);
    await mustGet(stage, one, 'a', 'newer', 0);
  });
  await step(t, 'the message comes after the store has forgotten', async () => {
    const before = published.calls.length;
    store.deletes.hold();
    source.values.set('a', 'newest');
    const invalidating = begun(one.call('invalidate', ['a']));
    await t.quiet();
    const early = published.calls.length - before;
    must(
      early === 0,
      'no message while the store still has the old value',
      calls(early, 'publish'),
      one.sent('invalidate', ['a']),
    );
    await store.deletes.release();
    await invalidating;
    await deliver(two);
    await mustGet(stage, two, 'a', 'newest');
    const written = published.calls.length;
    for (const each of [store.sets, store.deletes]) each.hold();
    const writing = begun(one.call('set', ['a', 'last']));
    await t.quiet();
    const hasty = published.calls.length - written;
    must(
      hasty === 0,
      'no message while the store still has the old value',
      calls(hasty, 'publish'),
      one.sent('set', ['a', 'last']),
    );
    for (const each of [store.sets, store.deletes]) await each.release();
    await writing;
    await deliver(two);
    await mustGet(stage, two, 'a', 'last');
  });
  await step(t, 'a slow read that began before the message keeps nothing', async () => {
    source.values.set('c', 'old');
    source.slow('old');
    const reading = begun(two.call('get', ['c']));
    await t.quiet();
    source.values.set('c', 'new');
    await mustWork(one, 'invalidate', ['c']);
    await deliver(two);
    await source.loads.release();
    await reading;
    await t.quiet();
    await mustGet(stage, two, 'c', 'new');
    await mustGet(stage, one, 'c', 'new');
  });
  await step(t, 'a slow read of the store that began before the message keeps nothing', async () => {
    source.values.set('d', 'old');
    await mustGet(stage, one, 'd', 'old', 1);
    store.slow('d');
    const reading = begun(two.call('get', ['d']));
    await t.quiet();
    source.values.set('d', 'new');
    await mustWork(one, 'invalidate', ['d']);
    await deliver(two);
    await store.gets.release();
    store.works();
    await reading;
    await mustGet(stage, two, 'd', 'new');
  });
  await step(t, 'messages of strangers', async () => {
    await near(two, 'b', 'other');
    for (const text of ['', 'not JSON', '{"', '[]', 'null', '\u0000']) await mustWork(two, 'receive', [text]);
    await mustGet(stage, two, 'b', 'other', 0);
  });
  await step(t, 'a channel that fails', async () => {
    published.fails('connect ECONNREFUSED');
    await mustWork(one, 'invalidate', ['b']);
    published.answers(() => 1);
    await mustGet(stage, one, 'b', 'other');
    await mustGet(stage, two, 'b', 'other');
  });
  await step(t, 'memory keeps "there is no such thing" for its shorter time only', async () => {
    await mustGet(stage, one, 'nothing', null, 1);
    await store.pass(MISS_TTL + 1_000);
    await mustGet(stage, one, 'nothing', null, 1);
  });
  await step(t, 'memory is asked for its own time only', async () => {
    const before = store.gets.calls.length;
    await store.pass(NEAR + 1_000);
    await mustGet(stage, two, 'b', 'other', 0);
    must(
      store.gets.calls.length > before,
      'a call of store.get',
      'an answer from memory',
      `get("b") after more than ${NEAR} ms`,
    );
  });
  await step(t, 'memory holds no more than it may', async () => {
    const small = await another(t, { near: { maxEntries: 2, ttlMs: NEAR, publish: played('publish') } });
    for (const key of ['p', 'q', 'r', 's']) {
      source.values.set(key, key);
      await mustGet(stage, small, key, key, 1);
    }
    await near(small, 's', 's');
    const before = store.gets.calls.length;
    await mustGet(stage, small, 'p', 'p', 0);
    const asked = store.gets.calls.length - before;
    must(
      asked === 1,
      'one call of store.get: only the last two keys are in memory',
      calls(asked, 'store.get'),
      small.sent('get', ['p']),
    );
  });
});
