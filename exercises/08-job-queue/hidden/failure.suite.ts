// canary 5e1fb3c2907d4a6886c40d39
import { fn, played, rule, show, step } from '#suite';
import { begun, idOf, isRecord, LEASE, MARGIN, must, mustCall, RETRY, soon, World } from './stage.ts';
import type { Id } from './stage.ts';

/** The wait after so many failures, at least and at most. */
function waits(failures: number): { low: number; high: number } {
  const high = Math.min(RETRY.maxMs, RETRY.baseMs * 2 ** (failures - 1));
  return { low: high / 2, high };
}

rule('R5', async (t) => {
  const world = new World(t);
  const types = ['deliverWebhook'];
  const hooks = t.play('deliverWebhook');
  const process = await world.open({ types, concurrency: 20 });
  const id = await process.enqueue('deliverWebhook', null, { maxAttempts: 20 });
  /** Where the waits lay between the least and the most: from 0 to 1. */
  const earlier: number[] = [];
  for (let failures = 1; failures <= 6; failures++) {
    const { low, high } = waits(failures);
    const word = t.random.word();
    const wait = await step(t, `failure number ${failures}`, async () => {
      hooks.fails(`410 ${word}`);
      await process.tick(1);
      const { runAt, lastError } = await process.job(id, { status: 'pending', attempts: failures });
      const waited = runAt - world.now;
      const expected = `runAt from ${low} to ${high} ms from now`;
      must(
        waited >= low - 1 && waited <= high + 1,
        expected,
        `${waited} ms`,
        process.queue.sent('get', [id]),
      );
      must(
        typeof lastError === 'string' && lastError.includes(word),
        `lastError with the message ${show(`410 ${word}`)}`,
        show(lastError),
        process.queue.sent('get', [id]),
      );
      return waited;
    });
    await step(t, 'before and after its time', async () => {
      earlier.push((wait - low) / (high - low));
      await process.tick(0);
      await world.pass(wait - MARGIN);
      await process.tick(0);
      mustCall(t, 'deliverWebhook', failures);
      await world.pass(2 * MARGIN);
    });
  }
  await step(t, 'at last it succeeds', async () => {
    hooks.answers(() => 'ok');
    await process.tick(1);
    await process.job(id, { status: 'done', attempts: 7 });
  });
  await step(t, 'twenty jobs fail at the same moment', async () => {
    hooks.fails('410');
    const jobs = Array.from({ length: 20 }, (_, nth) => ['enqueue', ['deliverWebhook', nth]] as const);
    const ids = (await process.queue.batch(jobs)).map((outcome) =>
      idOf(outcome, 'enqueue("deliverWebhook", …)'),
    );
    await process.tick(20);
    const { low, high } = waits(1);
    const found = await process.queue.batch(ids.map((each) => ['get', [each]] as const));
    const all = found.map((outcome) => {
      const job = 'value' in outcome && isRecord(outcome.value) ? outcome.value : {};
      return Number(job['runAt']) - world.now;
    });
    const outside = all.find((wait) => !(wait >= low - 1 && wait <= high + 1));
    if (outside !== undefined) must(false, `waits from ${low} to ${high} ms`, `${outside} ms`);
    // With those of the single job they are enough: that right ones all lie in one half happens once in 2 ** 25 times.
    const shares = [...earlier, ...all.map((wait) => (wait - low) / (high - low))];
    const spread =
      new Set(all).size > 6 && shares.some((share) => share < 0.5) && shares.some((share) => share > 0.5);
    must(spread, `waits that lie spread from ${low} to ${high} ms`, show(all.slice(0, 6)));
  });
});

rule('R6', async (t) => {
  const world = new World(t);
  const types = ['deliverWebhook', 'buildReport'];
  const hooks = t.play('deliverWebhook');
  const process = await world.open({ types });
  const dead = async (...ids: Id[]): Promise<Record<string, unknown>[]> => {
    const isList = (value: unknown): boolean =>
      Array.isArray(value) &&
      value.length === ids.length &&
      ids.every((id) => value.some((job) => isRecord(job) && job['id'] === id));
    const expected = ids.length === 0 ? 'an empty list' : `a list of the job ${ids.map(show).join(', ')}`;
    return (await process.must('deadLetters', [], expected, isList)) as Record<string, unknown>[];
  };
  const failing = async (attempts: number): Promise<void> => {
    for (let attempt = 1; attempt <= attempts; attempt++) {
      await process.tick(1);
      await world.pass(RETRY.maxMs + MARGIN);
    }
  };
  const payload = { hook: t.random.word() };
  const word = t.random.word();
  hooks.fails(`410 ${word}`);
  const id = await step(t, 'a job with maxAttempts 3 fails three times', async () => {
    const given = await process.enqueue('deliverWebhook', payload, { maxAttempts: 3 });
    await failing(2);
    await process.job(given, { status: 'pending', attempts: 2 });
    await dead();
    await failing(1);
    await process.job(given, { status: 'dead', attempts: 3, payload });
    const [letter] = await dead(given);
    const { type, attempts, lastError } = letter ?? {};
    must(type === 'deliverWebhook' && attempts === 3, 'its type and its attempts', show({ type, attempts }));
    const told = typeof lastError === 'string' && lastError.includes(word);
    must(told, `lastError with the message ${show(`410 ${word}`)}`, show(lastError));
    return given;
  });
  await step(t, 'a dead job is not tried again', async () => {
    await process.tick(0);
    mustCall(t, 'deliverWebhook', 3);
  });
  await step(t, 'without maxAttempts it is tried five times', async () => {
    const other = await process.enqueue('deliverWebhook', payload);
    await failing(4);
    await process.job(other, { status: 'pending', attempts: 4 });
    await failing(1);
    await process.job(other, { status: 'dead', attempts: 5 });
    await dead(id, other);
    t.step = 'one of two is brought back';
    await process.must('retryDead', [other], 'true', (value) => value === true);
    await process.job(other, { status: 'pending', attempts: 0 });
    await dead(id);
    hooks.answers(() => 'ok');
    await process.tick(1);
    await process.job(other, { status: 'done', attempts: 1 });
    const run = hooks.calls.at(-1)?.[1];
    const attempt = isRecord(run) ? run['attempt'] : undefined;
    must(attempt === 1, 'attempt 1 again', show(attempt), 'the second argument of the handler');
  });
  await step(t, 'brought back, it has all its attempts again', async () => {
    hooks.fails('410');
    await process.must('retryDead', [id], 'true', (value) => value === true);
    await failing(2);
    await process.job(id, { status: 'pending', attempts: 2 });
    await failing(1);
    await process.job(id, { status: 'dead', attempts: 3 });
  });
  await step(t, 'retryDead of a job that is not dead', async () => {
    const waiting = await process.enqueue('deliverWebhook', null, { maxAttempts: 3 });
    for (const each of [waiting, `no-${t.random.word()}`])
      await process.must('retryDead', [each], 'false', (value) => value === false);
    await failing(1);
    await process.must('retryDead', [waiting], 'false', (value) => value === false);
    await process.job(waiting, { status: 'pending', attempts: 1 });
    await failing(2);
  });
  await step(t, 'a job whose worker dies has failed, too', async () => {
    const reports = t.play('buildReport').hold();
    const other = await world.open({ host: 2, types });
    const last = await process.enqueue('buildReport', null, { maxAttempts: 1 });
    void begun(process.worker.call('tick'));
    must(await soon(t, () => reports.waiting === 1), 'one call of the handler', `${reports.calls.length}`);
    // Frozen, its process gives no sign of life.
    await world.pass(LEASE + MARGIN, { frozen: [1] });
    await other.tick(0);
    mustCall(t, 'buildReport', 1);
    await other.job(last, { status: 'dead', attempts: 1 });
  });
});

rule('R7', async (t) => {
  const world = new World(t);
  const bad: readonly (readonly [type: string, what: string, handler?: unknown])[] = [
    ['rejects', 'a handler that rejects', played('rejects')],
    ['throws', 'a handler that throws at once', fn.fails('at once')],
    ['throws-text', 'a handler that throws a text', fn.throws('no luck')],
    ['throws-null', 'a handler that throws null', fn.throws(null)],
    ['unknown', 'a type without a handler'],
    ['constructor', 'a type without a handler, called "constructor"'],
    ['toString', 'a type without a handler, called "toString"'],
    ['__proto__', 'a type without a handler, called "__proto__"'],
  ];
  t.play('rejects').fails('later');
  const handlers = {
    ...Object.fromEntries(
      bad.flatMap(([type, , handler]) => (handler === undefined ? [] : [[type, handler]])),
    ),
    good: played('good'),
    plain: fn.returns('not a promise'),
  };
  const process = await world.open({ handlers, concurrency: 3 });
  const failed = async (id: Id, type: string): Promise<void> => {
    const { lastError } = await process.job(id, { status: 'pending', attempts: 1 });
    const said = new Map([
      ['rejects', 'later'],
      ['throws', 'at once'],
      ['throws-text', 'no luck'],
    ]);
    const text = said.get(type) ?? '';
    const holds = typeof lastError === 'string' && lastError.includes(text);
    must(holds, text === '' ? 'lastError: a text' : `lastError with ${show(text)}`, show(lastError));
  };
  for (const [type, what] of bad) {
    await step(t, what, async () => {
      // One place has it, another one a good job; it is claimed first.
      const id = await process.enqueue(type, null, { priority: 1 });
      const good = await process.enqueue('good', null);
      await process.tick(2);
      await t.settle();
      await failed(id, type);
      await process.job(good, { status: 'done' });
    });
  }
  await step(t, 'a handler that returns no promise', async () => {
    const id = await process.enqueue('plain');
    await process.tick(1);
    await process.job(id, { status: 'done' });
  });
  await step(t, 'one bad job after the other in the only place', async () => {
    const worker = await world.worker(process.queue, { host: 1, handlers, concurrency: 1 });
    for (const [type] of bad) await process.enqueue(type, null, { priority: 1 });
    const good = await process.enqueue('good');
    for (let i = 0; i <= bad.length; i++) {
      const outcome = await worker.call('tick');
      must('value' in outcome && outcome.value === 1, '1', show(outcome), worker.sent('tick', []));
    }
    await process.job(good, { status: 'done' });
  });
});
