// canary a90c6d1f4be27385d2f6704b
import { clock, played, rule, same, show, step } from '#suite';
import type { Made, Trial } from '#suite';
import { after, another, anyValue, calls, must, mustGet, mustWork, openCache } from './stage.ts';
import { outcomeText, Source, TTL } from './stage.ts';

rule('R11', async (t) => {
  const stage = await openCache(t);
  const { cache, source } = stage;
  await step(t, 'a value is cached', async () => {
    source.values.set('plain', 1);
    await mustGet(stage, cache, 'plain', 1, 1);
    await mustGet(stage, cache, 'plain', 1, 0);
  });
  const slow = async (key: string): Promise<{ finish: () => Promise<void> }> => {
    source.values.set(key, 'old');
    source.slow('old');
    const reading = cache.call('get', [key]);
    await t.quiet();
    must(
      source.loads.waiting === 1,
      'one call of load',
      calls(source.loads.waiting, 'load'),
      cache.sent('get', [key]),
    );
    return {
      finish: async () => {
        await source.loads.release();
        await reading;
        await t.quiet();
      },
    };
  };
  await step(t, 'a slow read that began before an invalidation', async () => {
    const { finish } = await slow('a');
    source.values.set('a', 'new');
    await mustWork(cache, 'invalidate', ['a']);
    await finish();
    await mustGet(stage, cache, 'a', 'new');
    await mustGet(stage, cache, 'a', 'new', 0);
  });
  await step(t, 'a read that begins after the invalidation does not wait for the old one', async () => {
    const { finish } = await slow('b');
    source.values.set('b', 'new');
    await mustWork(cache, 'invalidate', ['b']);
    const before = source.loads.calls.length;
    const fresh = cache.call('get', ['b']);
    await t.quiet();
    const made = source.loads.calls.length - before;
    must(
      made === 1,
      'a call of load of its own',
      calls(made, 'load'),
      `invalidate("b"), then ${cache.sent('get', ['b'])}`,
    );
    await finish();
    await fresh;
    t.step = 'afterwards the cache is in use again';
    source.values.set('b', 'newer');
    await mustWork(cache, 'invalidate', ['b']);
    await mustGet(stage, cache, 'b', 'newer');
    await mustGet(stage, cache, 'b', 'newer', 0);
  });
  await step(t, 'a slow read that began before set', async () => {
    const { finish } = await slow('c');
    await mustWork(cache, 'set', ['c', 'new']);
    await finish();
    await mustGet(stage, cache, 'c', 'new');
  });
});

rule('R12', async (t) => {
  const stage = await openCache(t);
  const { cache, source, store } = stage;
  const key = t.random.word();
  const [first, second, third] = [anyValue(t), anyValue(t), anyValue(t)];
  await step(t, 'a write reaches the source, and the next read needs no load', async () => {
    await mustWork(cache, 'set', [key, first]);
    const saved = source.saves.calls;
    must(
      saved.length === 1 && saved[0]?.[0] === key && same(saved[0][1], first),
      `one call of save with ${show(key)} and the value`,
      show(saved),
      cache.sent('set', [key, first]),
    );
    await mustGet(stage, cache, key, first, 0);
    await mustGet(stage, await another(t), key, first, 0);
  });
  await step(t, 'a write over a value that is cached', async () => {
    await mustWork(cache, 'set', [key, second]);
    await mustGet(stage, cache, key, second, 0);
  });
  await step(t, 'a write over "there is no such thing"', async () => {
    const other = t.random.word();
    await mustGet(stage, cache, other, null, 1);
    await mustWork(cache, 'set', [other, first]);
    await mustGet(stage, cache, other, first, 0);
  });
  await step(t, 'while the source has not answered, the cache has the old value', async () => {
    source.saves.hold();
    const writing = cache.call('set', [key, third]);
    await t.quiet();
    await mustGet(stage, await another(t), key, second, 0);
    await source.saves.release();
    await writing;
    await mustGet(stage, cache, key, third, 0);
  });
  await step(t, 'a source that refuses: the writer is told, and the cache is as it was', async () => {
    const before = store.deletes.calls.length;
    source.saves.fails('disk full');
    const outcome = await cache.call('set', [key, first]);
    must('threw' in outcome, 'an error', outcomeText(outcome), cache.sent('set', [key, first]));
    source.works();
    source.values.set(key, third);
    await mustGet(stage, cache, key, third, 0);
    const deleted = store.deletes.calls.length - before;
    must(
      deleted === 0,
      'no call of store.delete',
      calls(deleted, 'store.delete'),
      cache.sent('set', [key, first]),
    );
  });
});

const FLUSH = 10_000;

rule('R13', async (t) => {
  const source = new Source(t);
  const open = (): Promise<Made> =>
    t.make('createWriteBehind', [{ save: played('save'), clock: clock(), flushMs: FLUSH }]);
  const writer = await open();
  const put = async (to: Made, key: string, value: unknown): Promise<void> => {
    const written = to.call('set', [key, value]);
    const outcome = await after(t, 0, written, 'set comes back without the source');
    must('value' in outcome, 'no error', outcomeText(outcome), to.sent('set', [key, value]));
  };
  const flush = async (): Promise<void> => {
    await t.quiet();
    await t.clock.advance(FLUSH);
    await t.quiet();
  };
  const saved = (from: number, expected: readonly (readonly [string, unknown])[], sent: string): void => {
    const got = source.saves.calls.slice(from);
    const holds =
      got.length === expected.length && expected.every((pair) => got.some((each) => same([...each], pair)));
    must(holds, `save with ${show(expected)}, in any order`, show(got), sent);
  };
  await step(t, 'writes come back before the source has them', async () => {
    for (const [key, value] of [
      ['a', 1],
      ['b', 1],
      ['a', 2],
      ['a', 3],
    ] as const)
      await put(writer, key, value);
    await t.quiet();
    saved(0, [], 'set("a", 1), set("b", 1), set("a", 2), set("a", 3)');
  });
  await step(t, 'after flushMs each key is saved once, with its last value', async () => {
    await flush();
    const last = { a: 3, b: 1 };
    saved(0, Object.entries(last), 'set("a", 1), set("b", 1), set("a", 2), set("a", 3)');
  });
  await step(t, 'what is saved is not saved again', async () => {
    await flush();
    await flush();
    saved(2, [], 'nothing new was set');
  });
  await step(t, 'a save that fails is tried again', async () => {
    let from = source.saves.calls.length;
    source.saves.fails('the source is down');
    await put(writer, 'c', 1);
    await flush();
    saved(from, [['c', 1]], 'set("c", 1), and save fails');
    source.works();
    from = source.saves.calls.length;
    await flush();
    saved(from, [['c', 1]], 'set("c", 1), and save works again');
  });
  await step(t, 'a newer value is not overwritten by one that is tried again', async () => {
    source.saves.answers(() => null).hold();
    await put(writer, 'd', 1);
    await flush();
    await put(writer, 'd', 2);
    source.saves.fails('the source is down');
    await source.saves.release();
    await t.quiet();
    source.works();
    await flush();
    await flush();
    must(
      source.values.get('d') === 2,
      'd is 2 in the source',
      show(source.values.get('d')),
      'set("d", 1), set("d", 2)',
    );
  });
  await step(t, 'two saves of one key never run at the same time', async () => {
    source.saves.hold();
    await put(writer, 'e', 1);
    await flush();
    await put(writer, 'e', 2);
    await flush();
    must(
      source.saves.waiting === 1,
      'one call of save at a time',
      calls(source.saves.waiting, 'save'),
      'set("e", 1), set("e", 2)',
    );
    await source.saves.release();
    await flush();
    must(
      source.values.get('e') === 2,
      'e is 2 in the source',
      show(source.values.get('e')),
      'set("e", 1), set("e", 2)',
    );
  });
  await step(t, 'close saves what waits, at once', async () => {
    await put(writer, 'f', 1);
    await put(writer, 'g', 1);
    await after(t, 0, writer.call('close'), 'an end of close() without waiting for flushMs');
    must(
      source.values.get('f') === 1 && source.values.get('g') === 1,
      'f and g in the source',
      show(Object.fromEntries(source.values)),
      'set("f", 1), set("g", 1), close()',
    );
  });
  await step(t, 'close comes back when the source has it, and not before', async () => {
    const second = await open();
    let failures = 0;
    source.saves.answers(([key, value]) => {
      if (failures++ === 0) throw new Error('the source is down');
      source.values.set(String(key), value);
      return null;
    });
    await put(second, 'h', 1);
    let ended = false;
    const closing = second.call('close').finally(() => (ended = true));
    await t.quiet();
    must(
      !ended || source.values.get('h') === 1,
      'close() still waits: its save has failed once',
      'close() has come back',
      'set("h", 1), close()',
    );
    await after(t, FLUSH, closing, 'an end of close() after the second try');
    must(source.values.get('h') === 1, 'h in the source', 'it was lost', 'set("h", 1), close()');
  });
});

rule('R14', async (t) => {
  const stage = await openCache(t, { jitter: 0.1 });
  const { cache, source, store } = stage;
  const lives = (from: number): number[] => store.sets.calls.slice(from).map(([, , ttlMs]) => Number(ttlMs));
  await step(t, 'with a jitter of 0.1', async () => {
    for (let i = 0; i < 40; i++) {
      source.values.set(`key${i}`, i);
      await mustGet(stage, cache, `key${i}`, i, 1);
    }
    const all = lives(0);
    const [low, high] = [TTL * 0.9 - 1, TTL * 1.1 + 1];
    const outside = all.find((ttl) => !(ttl >= low && ttl <= high));
    if (outside !== undefined)
      must(false, `a time to live from ${TTL * 0.9} to ${TTL * 1.1} ms`, `${outside} ms`);
    must(all.length === 40, '40 values in the store', `${all.length}`);
    must(new Set(all).size > 10, 'times that differ from each other', show(all.slice(0, 5)));
    must(
      all.some((ttl) => ttl < TTL) && all.some((ttl) => ttl > TTL),
      `shorter times than ${TTL} ms, and longer ones`,
      show(all.slice(0, 5)),
    );
  });
  await step(t, 'without jitter', async () => {
    const from = store.sets.calls.length;
    const plain = await another(t);
    for (const key of ['p', 'q', 'r']) {
      source.values.set(key, key);
      await mustGet(stage, plain, key, key, 1);
    }
    const all = lives(from);
    must(all.length === 3 && all.every((ttl) => ttl === TTL), `${TTL} ms each time`, show(all));
  });
});

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
    const invalidating = one.call('invalidate', ['a']);
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
  });
  await step(t, 'a slow read that began before the message keeps nothing', async () => {
    source.values.set('c', 'old');
    source.slow('old');
    const reading = two.call('get', ['c']);
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
