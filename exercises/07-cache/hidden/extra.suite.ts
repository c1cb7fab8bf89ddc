// canary a90c6d1f4be27385d2f6704b
import { clock, played, rule, same, show, step } from '#suite';
import type { Made } from '#suite';
import { after, another, anyValue, begun, calls, must, mustGet, mustWork, openCache } from './stage.ts';
import { MISS_TTL, outcomeText, Source, TTL } from './stage.ts';

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
    const reading = begun(cache.call('get', [key]));
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
    const fresh = begun(cache.call('get', ['b']));
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
  await step(t, 'an old read ends while a newer one is slow, and the key changes once more', async () => {
    source.values.set('d', 'old');
    await mustGet(stage, cache, 'd', 'old');
    stage.store.slow('d');
    const old = begun(cache.call('get', ['d']));
    await t.quiet();
    await mustWork(cache, 'invalidate', ['d']);
    source.slow('middle');
    const middle = begun(cache.call('get', ['d']));
    await t.quiet();
    // The old read brings what it found; the newer one found nothing, and stands in load.
    await stage.store.gets.release();
    await old;
    await t.quiet();
    source.values.set('d', 'new');
    await mustWork(cache, 'invalidate', ['d']);
    await source.loads.release();
    await middle;
    await t.quiet();
    await mustGet(stage, cache, 'd', 'new');
    await mustGet(stage, cache, 'd', 'new', 0);
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
  await step(t, 'null is written: "there is no such thing", for its shorter time', async () => {
    const gone = t.random.word();
    await mustWork(cache, 'set', [gone, first]);
    await mustWork(cache, 'set', [gone, null]);
    await mustGet(stage, cache, gone, null);
    source.values.set(gone, second);
    await store.pass(MISS_TTL + 1_000);
    await mustGet(stage, cache, gone, second, 1);
    source.values.set(key, second);
  });
  await step(t, 'while the source has not answered, the cache has the old value', async () => {
    source.saves.hold();
    const writing = begun(cache.call('set', [key, third]));
    await t.quiet();
    await mustGet(stage, await another(t), key, second, 0);
    await source.saves.release();
    await writing;
    await mustGet(stage, cache, key, third, 0);
  });
  await step(t, 'a store that fails: the source has the value all the same', async () => {
    store.sets.fails('connect ECONNREFUSED');
    store.deletes.fails('connect ECONNREFUSED');
    const own = t.random.word();
    await mustWork(cache, 'set', [own, first]);
    store.works();
    must(same(source.values.get(own), first), 'the value in the source', show(source.values.get(own)));
    await mustGet(stage, cache, own, first);
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
  await step(t, 'a value that is set again and again is not put off', async () => {
    const from = source.saves.calls.length;
    await put(writer, 'busy', 1);
    await t.quiet();
    await t.clock.advance(FLUSH - 1_000);
    await put(writer, 'busy', 2);
    await t.quiet();
    saved(from, [], 'set("busy", 1)');
    await t.clock.advance(2_000);
    await t.quiet();
    saved(from, [['busy', 2]], `set("busy", 1), and set("busy", 2) ${FLUSH - 1_000} ms later`);
    await flush();
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
  await step(t, 'it is tried again as often as it takes, and holds up no other key', async () => {
    source.saves.answers(([key, value]) => {
      if (key === 'stuck') throw new Error('the source refuses');
      source.values.set(String(key), value);
      return null;
    });
    await put(writer, 'stuck', 1);
    await put(writer, 'free', 1);
    let from = source.saves.calls.length;
    await flush();
    saved(
      from,
      [
        ['stuck', 1],
        ['free', 1],
      ],
      'set("stuck", 1), set("free", 1), and save of stuck fails',
    );
    for (let round = 2; round <= 7; round++) {
      from = source.saves.calls.length;
      await flush();
      saved(from, [['stuck', 1]], `set("stuck", 1), and save has failed ${round - 1} times`);
    }
    source.works();
    await flush();
    must(source.values.get('stuck') === 1, 'stuck in the source', 'it was lost', 'set("stuck", 1)');
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
  await step(t, 'close when nothing waits', async () => {
    const idle = await open();
    await after(t, 0, idle.call('close'), 'an end of close(): nothing was set');
  });
  await step(t, 'close while a save is under way', async () => {
    const busy = await open();
    source.saves.hold();
    await put(busy, 'i', 1);
    await flush();
    await put(busy, 'i', 2);
    const closing = begun(busy.call('close'));
    let ended = false;
    closing.finally(() => (ended = true)).catch(() => {});
    await t.quiet();
    const running = source.saves.waiting;
    must(
      running === 1,
      'one call of save at a time',
      calls(running, 'save'),
      'set("i", 1), set("i", 2), close()',
    );
    must(!ended, 'close() still waits: a save is under way', 'close() has come back', 'set("i", 1), close()');
    await source.saves.release();
    await after(t, FLUSH, closing, 'an end of close() when everything is saved');
    must(source.values.get('i') === 2, 'i is 2 in the source', show(source.values.get('i')), 'close()');
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
    const closing = begun(second.call('close').finally(() => (ended = true)));
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
    const broken = all.find((ttl) => !Number.isInteger(ttl));
    must(broken === undefined, 'whole numbers of milliseconds', `${broken} ms`);
    must(new Set(all).size > 10, 'times that differ from each other', show(all.slice(0, 5)));
    must(
      all.some((ttl) => ttl < TTL) && all.some((ttl) => ttl > TTL),
      `shorter times than ${TTL} ms, and longer ones`,
      show(all.slice(0, 5)),
    );
  });
  await step(t, 'values that are written have times of their own, too', async () => {
    const from = store.sets.calls.length;
    for (let i = 0; i < 10; i++) await mustWork(cache, 'set', [`written${i}`, i]);
    const all = lives(from);
    must(
      all.length >= 10 && new Set(all).size > 5,
      'times that differ from each other',
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
