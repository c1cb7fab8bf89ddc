// canary 7b52e9034fca81d60d3ae8c4
import { played, rule, show, step } from '#suite';
import { begun, isRecord, LEASE, MARGIN, must, mustCall, POLL, RETRY, soon, times, World } from './stage.ts';

rule('R11', async (t) => {
  const world = new World(t);
  const types = ['buildReport'];
  const reports = t.play('buildReport').hold();
  const one = await world.open({ types });
  const two = await world.open({ host: 2, types, concurrency: 2 });
  const id = await one.enqueue('buildReport');
  const ticking = begun(one.worker.call('tick'));
  await step(t, 'a job that takes three times its lease', async () => {
    must(await soon(t, () => reports.waiting === 1), 'one call of the handler', 'none');
    for (let half = 0; half < 6; half++) {
      await world.pass(LEASE / 2);
      await two.tick(0);
    }
    await world.pass(MARGIN);
    await two.tick(0);
    mustCall(t, 'buildReport', 1);
    await one.job(id, { status: 'running' });
  });
  await step(t, 'and then it is done', async () => {
    await reports.release();
    await one.ticked(1, ticking);
    await one.job(id, { status: 'done', attempts: 1 });
  });
  await step(t, 'a worker that dies after it has renewed a lease', async () => {
    reports.hold();
    const last = await one.enqueue('buildReport');
    void begun(one.worker.call('tick'));
    must(await soon(t, () => reports.waiting === 1), 'one call of the handler', 'none');
    await world.pass(2 * LEASE);
    // Frozen, it gives no sign of life.
    await world.pass(LEASE / 4, { frozen: [1] });
    await two.tick(0);
    await world.pass(LEASE, { frozen: [1] });
    const next = begun(two.worker.call('tick'));
    must(await soon(t, () => reports.waiting === 2), 'a call of the handler in the other process', 'none');
    await reports.release();
    await two.ticked(1, next);
    await two.job(last, { status: 'done', attempts: 2 });
  });
  await step(t, 'a worker that dies between two renewals', async () => {
    reports.hold();
    const three = await world.open({ host: 3, types });
    const id = await three.enqueue('buildReport');
    const ticking = begun(three.worker.call('tick'));
    must(await soon(t, () => reports.waiting === 1), 'one call of the handler', 'none');
    await world.pass(LEASE / 2);
    await world.pass(LEASE / 4);
    // The last renewal is half a lease ago at most, so half of it is left at least.
    await world.pass(LEASE / 2 - MARGIN, { frozen: [3] });
    await two.tick(0);
    await reports.release();
    await three.ticked(1, ticking);
    await two.job(id, { status: 'done', attempts: 1 });
  });
});

rule('R12', async (t) => {
  const world = new World(t);
  const late = t.play('late');
  const heir = t.play('heir');
  const one = await world.open({ handlers: { resizeImage: played('late') }, concurrency: 2 });
  const two = await world.open({ host: 2, handlers: { resizeImage: played('heir') }, concurrency: 2 });
  /** One has claimed a job and was frozen; two has claimed it after the lease, and runs it. */
  const taken = async () => {
    await world.pass(0);
    const id = await one.enqueue('resizeImage');
    const from = { late: late.hold().calls.length, heir: heir.hold().calls.length };
    const first = begun(one.worker.call('tick'));
    must(await soon(t, () => late.calls.length > from.late), 'one call of the handler', 'none');
    await world.pass(LEASE + MARGIN, { frozen: [1] });
    const second = begun(two.worker.call('tick'));
    must(
      await soon(t, () => heir.calls.length > from.heir),
      'a call of the handler in the second process',
      'none',
    );
    await two.job(id, { status: 'running', attempts: 2 });
    return { id, first, second };
  };
  await step(t, 'the first one fails after it has lost the lease', async () => {
    const { id, first, second } = await taken();
    await late.fails('too late').release();
    await first.catch(() => null);
    await t.quiet();
    await two.job(id, { status: 'running', attempts: 2 });
    await world.pass(RETRY.maxMs / 4, { frozen: [1] });
    await two.tick(0);
    await heir.release();
    await two.ticked(1, second);
    await two.job(id, { status: 'done', attempts: 2 });
  });
  await step(t, 'the first one succeeds after it has lost the lease, and the second one fails', async () => {
    const { id, first, second } = await taken();
    await late.answers(() => 'ok').release();
    await first.catch(() => null);
    await t.quiet();
    await two.job(id, { status: 'running', attempts: 2 });
    const word = t.random.word();
    await heir.fails(word).release();
    await two.ticked(1, second);
    const { lastError } = await two.job(id, { status: 'pending', attempts: 2 });
    must(
      typeof lastError === 'string' && lastError.includes(word),
      `lastError with ${show(word)}`,
      show(lastError),
    );
    await world.pass(RETRY.maxMs, { frozen: [1] });
    heir.answers(() => 'ok');
    await two.tick(1);
    await two.job(id, { status: 'done', attempts: 3 });
  });
  await step(t, 'the first one fails when the second one is done', async () => {
    const { id, first, second } = await taken();
    await heir.release();
    await two.ticked(1, second);
    await late.fails('too late').release();
    await first.catch(() => null);
    await t.quiet();
    await two.job(id, { status: 'done', attempts: 2 });
  });
  await step(t, 'the first one wakes up, and the second one dies', async () => {
    await taken();
    // The first one has its time back, and renews nothing that is not its own. The second one is frozen.
    await world.pass(LEASE + MARGIN, { frozen: [2] });
    await world.pass(LEASE + MARGIN, { frozen: [2] });
    const count = late.calls.length;
    void begun(one.worker.call('tick'));
    must(
      await soon(t, () => late.calls.length > count),
      'a call of the handler: the lease of the second process is over',
      'none',
    );
    const run = late.calls.at(-1)?.[1];
    must(
      isRecord(run) && run['attempt'] === 3,
      'attempt 3',
      isRecord(run) ? show(run['attempt']) : 'nothing',
    );
  });
});

rule('R18', async (t) => {
  const world = new World(t);
  const types = ['resizeImage'];
  const resizing = t.play('resizeImage');
  const one = await world.open({ types });
  const two = await world.open({ host: 2, types: [] });
  const log = t.statements({ host: 1 });
  const statements = await step(t, 'nothing fails', async () => {
    const id = await two.enqueue('resizeImage', 0);
    const before = (await log.list()).length;
    await one.tick(1);
    await one.job(id, { status: 'done' });
    return Math.min((await log.list()).length - before, 12);
  });
  const runsOf = (payload: number): number => resizing.calls.filter(([given]) => given === payload).length;
  const ran = (payload: number): boolean => runsOf(payload) > 0;
  await step(t, 'one statement of a tick fails', async () => {
    for (let nth = 1; nth <= statements; nth++) {
      const id = await two.enqueue('resizeImage', nth);
      await log.failOn('', nth, nth % 2 === 0 ? 'SQLITE_FULL' : 'SQLITE_BUSY');
      await one.worker.call('tick');
      await t.checkAlive();
      // What could not be claimed is claimed now; what could not be written down, when its lease is over.
      await one.worker.call('tick');
      await log.disarm();
      await world.pass(LEASE - MARGIN);
      await one.worker.call('tick');
      const runs = runsOf(nth);
      must(
        runs <= 1,
        'one run until the lease is over: the handler has not failed',
        times(runs, 'run'),
        'tick(), and again',
      );
      await world.pass(2 * MARGIN);
      await one.worker.call('tick');
      must(ran(nth), 'a job that is run', 'a job that is not', 'tick(), and again');
      await two.job(id, { status: 'done' });
    }
  });
  await step(t, 'one statement fails after start()', async () => {
    await one.worker.call('start');
    for (let nth = 1; nth <= statements + 1; nth++) {
      const payload = -nth;
      await log.failOn('', nth, 'SQLITE_BUSY');
      const id = await two.enqueue('resizeImage', payload);
      await world.pass(2 * POLL + MARGIN);
      await t.quiet();
      await log.disarm();
      await world.pass(LEASE + POLL + MARGIN);
      await t.quiet();
      must(ran(payload), 'a job that is run', 'a job that is not', 'start()');
      await two.job(id, { status: 'done' });
    }
  });
});
