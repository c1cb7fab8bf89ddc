// canary 2d90b7f3c8a1e64577bc01d9
import { clock, played, rule, same, show, step } from '#suite';
import type { Made, Played, Trial } from '#suite';
import {
  another,
  anyValue,
  after,
  begun,
  calls,
  MISS_TTL,
  must,
  mustGet,
  mustWork,
  openCache,
} from './stage.ts';
import { outcomeText, TIMEOUT, TTL } from './stage.ts';

rule('R1', async (t) => {
  const stage = await openCache(t);
  const { cache, source, store } = stage;
  const key = `product:${t.random.word()}`;
  const value = anyValue(t);
  source.values.set(key, value);
  await step(t, 'the first read asks the source', () => mustGet(stage, cache, key, value, 1));
  await step(t, 'the second read does not', () => mustGet(stage, cache, key, value, 0));
  await step(t, 'another cache on the same store finds it there', async () =>
    mustGet(stage, await another(t), key, value, 0),
  );
  await step(t, 'shortly before its time is over', async () => {
    await store.pass(TTL - 1_000);
    await mustGet(stage, cache, key, value, 0);
  });
  await step(t, 'after its time', async () => {
    const next = anyValue(t);
    source.values.set(key, next);
    await store.pass(2_000);
    await mustGet(stage, cache, key, next, 1);
    await mustGet(stage, cache, key, next, 0);
  });
  for (const [name, falsy] of [
    ['the number 0', 0],
    ['an empty text', ''],
    ['false', false],
    ['an empty list', []],
  ] as const) {
    await step(t, `${name} is a value too`, async () => {
      const own = `${key}:${name}`;
      source.values.set(own, falsy);
      await mustGet(stage, cache, own, falsy, 1);
      await mustGet(stage, cache, own, falsy, 0);
    });
  }
});

rule('R2', async (t) => {
  const stage = await openCache(t);
  const { cache, source } = stage;
  const [key, other] = [t.random.word(), t.random.word()];
  const value = anyValue(t);
  source.values.set(key, value).set(other, anyValue(t));
  const many = Array.from({ length: 50 }, () => ['get', [key]] as const);
  await step(t, '50 reads of one key at the same moment, and one of another', async () => {
    source.loads.hold();
    const reading = begun(cache.batch([...many, ['get', [other]]]));
    await t.quiet();
    const asked = source.loads.calls.map(([each]) => each);
    must(
      asked.filter((each) => each === key).length === 1 && asked.includes(other),
      'one call of load for each of the two keys',
      calls(asked.length, 'load'),
      `50 times get(${show(key)}) and get(${show(other)})`,
    );
    await source.loads.release();
    const wrong = (await reading)
      .slice(0, 50)
      .find((each) => !('value' in each) || show(each.value) !== show(value));
    if (wrong !== undefined)
      must(false, `${show(value)} for all 50`, outcomeText(wrong), cache.sent('get', [key]));
  });
  await step(t, 'afterwards it is cached', () => mustGet(stage, cache, key, value, 0));
  await step(t, 'keys of any form', async () => {
    for (const odd of ['constructor', '__proto__', 'toString', '', ' ', 'a:b/c?d=*']) {
      source.values.set(odd, value);
      await mustGet(stage, cache, odd, value, 1);
      await mustGet(stage, cache, odd, value, 0);
    }
  });
  await step(t, 'two caches, each with a source and a store of its own', async () => {
    const own = t.random.word();
    const [mine, theirs] = [anyValue(t), anyValue(t)];
    source.values.set(own, mine);
    for (const name of ['other.get', 'other.set', 'other.delete']) t.play(name).answers(() => null);
    const otherLoads = t.play('other.load').answers(() => theirs);
    const store = { get: played('other.get'), set: played('other.set'), delete: played('other.delete') };
    const other = await another(t, { store, load: played('other.load') });
    source.loads.hold();
    const reading = begun(cache.call('get', [own]));
    await t.quiet();
    const outcome = await after(t, 0, begun(other.call('get', [own])), 'an answer of the other source');
    const holds = 'value' in outcome && same(outcome.value, theirs) && otherLoads.calls.length === 1;
    must(holds, show(theirs), outcomeText(outcome), other.sent('get', [own]));
    await source.loads.release();
    const last = await reading;
    must('value' in last && same(last.value, mine), show(mine), outcomeText(last), cache.sent('get', [own]));
  });
  await step(t, 'a failure reaches all who wait', async () => {
    const failing = t.random.word();
    source.loads.fails('the source is down').hold();
    const reading = begun(cache.batch(many.map(() => ['get', [failing]] as const)));
    await t.quiet();
    await source.loads.release();
    const got = (await reading).find((each) => 'value' in each);
    if (got !== undefined) must(false, 'an error for all 50', outcomeText(got), cache.sent('get', [failing]));
    source.works();
    source.values.set(failing, value);
    t.step = 'a failure is not kept';
    await mustGet(stage, cache, failing, value, 1);
  });
});

rule('R3', async (t) => {
  const stage = await openCache(t);
  const { cache, source, store } = stage;
  const key = t.random.word();
  await step(t, 'the source has nothing', () => mustGet(stage, cache, key, null, 1));
  await step(t, 'that is kept', () => mustGet(stage, cache, key, null, 0));
  await step(t, 'but not as long as a value', async () => {
    await store.pass(MISS_TTL + 1_000);
    await mustGet(stage, cache, key, null, 1);
  });
  const value = anyValue(t);
  await step(t, 'when it is created and invalidated, it is found', async () => {
    source.values.set(key, value);
    await mustWork(cache, 'invalidate', [key]);
    await mustGet(stage, cache, key, value, 1);
  });
  await step(t, 'a value is kept longer than that', async () => {
    await store.pass(MISS_TTL + 1_000);
    await mustGet(stage, cache, key, value, 0);
  });
  await step(t, 'a value that has changed, and is invalidated', async () => {
    const next = anyValue(t);
    const other = t.random.word();
    source.values.set(other, value);
    await mustGet(stage, cache, other, value, 1);
    source.values.set(key, next);
    await mustWork(cache, 'invalidate', [key]);
    await mustGet(stage, cache, key, next, 1);
    t.step = 'the others stay';
    await mustGet(stage, cache, other, value, 0);
  });
});

rule('R4', async (t) => {
  const stage = await openCache(t);
  const { cache, source, store } = stage;
  let key = '';
  let value: unknown;
  const cached = async (): Promise<void> => {
    key = t.random.word();
    value = anyValue(t);
    source.values.set(key, value);
    await mustGet(stage, cache, key, value, 1);
    await mustGet(stage, cache, key, value, 0);
  };
  const late = async (what: string): Promise<void> => {
    const reading = cache.call('get', [key]);
    const outcome = await after(t, TIMEOUT, reading, what);
    must('value' in outcome && show(outcome.value) === show(value), show(value), outcomeText(outcome), what);
  };
  /** What nobody waits for any more fails in the end, which is nobody's error. */
  const tooLate = async (calls: Played): Promise<void> => {
    await calls.fails('connect ETIMEDOUT').release();
    await t.quiet();
    store.works();
    await cached();
  };
  await step(t, 'a store that works', cached);
  await step(t, 'a store that fails', async () => {
    for (const each of [store.gets, store.sets, store.deletes]) each.fails('connect ECONNREFUSED');
    await mustGet(stage, cache, key, value, 1);
    await mustWork(cache, 'invalidate', [key]);
    store.works();
  });
  for (const text of ['', 'not JSON', '{"value":', '\u0000\u0001', 'undefined']) {
    await step(t, `the store holds ${JSON.stringify(text)}`, async () => {
      await cached();
      store.spoil(text);
      await mustGet(stage, cache, key, value, 1);
    });
  }
  for (const text of ['null', '7', '{}', '[]', '"text"']) {
    await step(t, `the store holds ${text}, which is JSON`, async () => {
      await cached();
      store.spoil(text);
      const outcome = await cache.call('get', [key]);
      // Who stores values as they are cannot tell this one from their own.
      const fits = 'value' in outcome && [value, JSON.parse(text)].some((each) => same(outcome.value, each));
      must(fits, show(value), outcomeText(outcome), cache.sent('get', [key]));
    });
  }
  await step(t, 'a store whose get hangs', async () => {
    await cached();
    store.gets.hold();
    await late(`an answer after ${TIMEOUT} ms on the clock`);
    await tooLate(store.gets);
  });
  await step(t, 'a store whose set hangs', async () => {
    key = t.random.word();
    source.values.set(key, value);
    store.sets.hold();
    await late(`an answer after ${TIMEOUT} ms on the clock at the latest`);
    await tooLate(store.sets);
  });
  await step(t, 'a store whose delete hangs', async () => {
    await cached();
    store.deletes.hold();
    await after(
      t,
      TIMEOUT,
      cache.call('invalidate', [key]),
      `an end of invalidate after ${TIMEOUT} ms on the clock`,
    );
    await tooLate(store.deletes);
  });
  await step(t, 'a store that works again', cached);
});

async function memoryStore(t: Trial, maxEntries: number): Promise<Made> {
  return await t.make('createMemoryStore', [{ maxEntries, clock: clock() }]);
}

rule('R5', async (t) => {
  const store = await memoryStore(t, 3);
  const keys = ['a', 'b', 'c', 'd', 'e'].map((letter) => `${letter}-${t.random.word()}`);
  const [a = '', b = '', c = '', d = '', e = ''] = keys;
  const put = (key: string, text = `text of ${key}`, ttl = TTL): Promise<void> =>
    mustWork(store, 'set', [key, text, ttl]);
  const holds = async (key: string, text: string | null = `text of ${key}`): Promise<void> => {
    const outcome = await store.call('get', [key]);
    const got = 'value' in outcome ? (outcome.value ?? null) : undefined;
    must(got === text, show(text), outcomeText(outcome), store.sent('get', [key]));
  };
  const size = async (most: number, least = most): Promise<void> => {
    const outcome = await store.call('size');
    const got = 'value' in outcome ? Number(outcome.value) : Number.NaN;
    must(got >= least && got <= most, `${least} entries`, outcomeText(outcome), store.sent('size', []));
  };
  await step(t, 'three entries in a store of three', async () => {
    for (const key of [a, b, c]) await put(key);
    await size(3);
    for (const key of [a, b, c]) await holds(key);
  });
  await step(t, 'a key that was never set', () => holds(d, null));
  await step(t, 'a fourth one takes the place of the one that was not used for longest', async () => {
    await holds(a);
    await put(d);
    await size(3);
    await holds(b, null);
    for (const key of [c, a, d]) await holds(key);
  });
  await step(t, 'setting an entry again takes the place of no other one', async () => {
    await put(a, 'new');
    await size(3);
  });
  await step(t, 'setting an entry again is a use', async () => {
    await put(c, 'new');
    await put(e);
    await holds(d, null);
    for (const key of [c, a]) await holds(key, 'new');
    await holds(e);
  });
  await step(t, 'delete', async () => {
    await mustWork(store, 'delete', [c]);
    await mustWork(store, 'delete', ['never there']);
    await holds(c, null);
    await size(2);
  });
  await step(t, 'an entry ends with its time', async () => {
    await put(c, 'short', 5_000);
    await t.clock.advance(4_000);
    await holds(c, 'short');
    await t.clock.advance(2_000);
    await holds(c, null);
    await holds(e);
  });
  await step(t, 'an entry that is set again begins a new time', async () => {
    await put(b, 'short', 5_000);
    await put(b, 'long', TTL);
    await t.clock.advance(7_000);
    await holds(b, 'long');
  });
  await step(t, 'names of Object.prototype are keys like any other', async () => {
    for (const key of ['constructor', '__proto__']) {
      await holds(key, null);
      await put(key);
      await holds(key);
    }
  });
  await step(t, 'an empty text is a text', async () => {
    await put(e, '');
    await holds(e, '');
  });
  await step(t, 'another store holds entries of its own', async () => {
    const other = await memoryStore(t, 3);
    await mustWork(other, 'set', [a, 'other', TTL]);
    await put(a, 'mine');
    const outcome = await other.call('get', [a]);
    must(
      'value' in outcome && outcome.value === 'other',
      show('other'),
      outcomeText(outcome),
      other.sent('get', [a]),
    );
    await holds(a, 'mine');
  });
  await step(t, 'never more than it may hold', async () => {
    const large = await memoryStore(t, 20);
    for (let i = 0; i < 60; i++) await mustWork(large, 'set', [`${a}${i}`, 'x', TTL]);
    const outcome = await large.call('size');
    must(
      'value' in outcome && outcome.value === 20,
      '20 entries',
      outcomeText(outcome),
      'size() after 60 set(…)',
    );
  });
});
