// canary c4072d9be81f536a70d2e94b
import { played, rule, show, step } from '#suite';
import { begun, MARGIN, must, mustCall, overYet, POLL, settles, soon, times, World } from './stage.ts';
import type { Id } from './stage.ts';

rule('R8', async (t) => {
  const world = new World(t);
  const types = ['slow', 'quick'];
  const slow = t.play('slow');
  const quick = t.play('quick');
  const process = await world.open({ types, concurrency: 3 });
  await step(t, 'a tick of a worker with three places, and seven jobs', async () => {
    quick.hold();
    for (let i = 0; i < 7; i++) await process.enqueue('quick', i);
    const ticking = begun(process.worker.call('tick'));
    await soon(t, () => quick.waiting === 3);
    mustCall(t, 'quick', 3, 'at the same time');
    t.step = 'a second tick while all places are taken';
    await process.tick(0);
    mustCall(t, 'quick', 3, 'at the same time');
    await quick.release();
    await process.ticked(3, ticking);
    t.step = 'the places are free again';
    await process.tick(3);
    await process.tick(1);
    mustCall(t, 'quick', 7);
  });
  await step(t, 'a second tick while one of three places is free', async () => {
    const from = quick.hold().calls.length;
    for (let i = 0; i < 2; i++) await process.enqueue('quick', i);
    const first = begun(process.worker.call('tick'));
    await soon(t, () => quick.waiting === 2);
    for (let i = 2; i < 5; i++) await process.enqueue('quick', i);
    const second = begun(process.worker.call('tick'));
    await soon(t, () => quick.waiting === 3);
    await t.quiet();
    mustCall(t, 'quick', from + 3, 'in all: two jobs run, and one place was free');
    await quick.release();
    await process.ticked(2, first);
    await process.ticked(1, second);
    await process.tick(2);
    mustCall(t, 'quick', from + 5);
  });
  await step(t, 'start(), two places, a slow job and five quick ones', async () => {
    const worker = await world.worker(process.queue, {
      host: 1,
      handlers: process.handlers,
      concurrency: 2,
    });
    slow.hold();
    quick.hold();
    const id = await process.enqueue('slow', null, { priority: 1 });
    const ids: Id[] = [];
    for (let i = 0; i < 5; i++) ids.push(await process.enqueue('quick', i));
    const started = await worker.call('start');
    must('value' in started, 'no error', show(started), worker.sent('start', []));
    const held = (): number => slow.waiting + quick.waiting;
    await world.pass(POLL + MARGIN);
    await soon(t, () => held() === 2);
    await world.pass(2 * POLL);
    await t.quiet();
    must(
      slow.waiting === 1 && quick.waiting === 1,
      'the slow job and one quick job at the same time',
      `${times(slow.waiting, 'slow job')} and ${times(quick.waiting, 'quick job')} that run`,
    );
    t.step = 'start(), the slow job stays, and the quick ones go through the other place';
    await quick.release();
    for (let round = 0; round < 5 && quick.calls.length < 17; round++) {
      await t.quiet();
      await world.pass(POLL + MARGIN);
    }
    await t.quiet();
    mustCall(t, 'quick', 17, 'while the slow one runs');
    for (const each of ids) await process.job(each, { status: 'done' });
    await slow.release();
    await t.quiet();
    await process.job(id, { status: 'done' });
    t.step = 'a job that comes later';
    const late = await process.enqueue('quick', 'late');
    await world.pass(POLL + MARGIN);
    await t.quiet();
    await process.job(late, { status: 'done' });
  });
});

rule('R9', async (t) => {
  const world = new World(t);
  const types = ['sendEmail'];
  const mails = t.play('sendEmail');
  const first = await world.open({ types });
  const second = await world.open({ host: 2, types });
  const order = async (expected: readonly unknown[]): Promise<void> => {
    const from = mails.calls.length;
    for (const _ of expected) await second.tick(1);
    const got = mails.calls.slice(from).map(([payload]) => payload);
    must(show(got) === show(expected), show(expected), show(got), 'the payloads, as they were claimed');
    await second.tick(0);
  };
  await step(t, 'equal priority: who came first goes first', async () => {
    const names = Array.from({ length: 5 }, () => t.random.word());
    for (const name of names) await first.enqueue('sendEmail', name);
    await order(names);
  });
  await step(t, 'higher priority first', async () => {
    const jobs = [
      ['low', { priority: -5 }],
      ['none', undefined],
      ['nine', { priority: 9 }],
      ['ten', { priority: 10 }],
      ['zero', { priority: 0 }],
      ['one', { priority: 1 }],
    ] as const;
    for (const [name, options] of jobs) await first.enqueue('sendEmail', name, options);
    await order(['ten', 'nine', 'one', 'none', 'zero', 'low']);
  });
  await step(t, 'delayed jobs, in another process than the one that enqueued them', async () => {
    const id = await first.enqueue('sendEmail', 'in 30 s', { delayMs: 30_000, priority: 5 });
    const { runAt } = await second.job(id, { status: 'pending' });
    must(
      runAt === world.now + 30_000,
      `runAt ${world.now + 30_000}`,
      show(runAt),
      second.queue.sent('get', [id]),
    );
    await first.enqueue('sendEmail', 'in 20 s', { delayMs: 20_000 });
    await first.enqueue('sendEmail', 'in 10 s', { delayMs: 10_000 });
    await first.enqueue('sendEmail', 'now');
    await order(['now']);
    await world.pass(10_000 - MARGIN);
    await order([]);
    await world.pass(15_000);
    t.step = 'of two that are due, who was due first goes first';
    await order(['in 10 s', 'in 20 s']);
    await first.enqueue('sendEmail', 'later');
    await world.pass(10_000);
    t.step = 'a delayed job with a high priority, once it is due';
    await order(['in 30 s', 'later']);
  });
});

rule('R14', async (t) => {
  const world = new World(t);
  const types = ['slow', 'other'];
  const slow = t.play('slow').hold();
  const process = await world.open({ types, concurrency: 2 });
  const heir = await world.open({ host: 2, handlers: { slow: played('slow-2') } });
  const GRACE = 50_000;
  const running = async (count: number): Promise<void> => {
    if (!(await soon(t, () => slow.waiting === count))) await world.pass(POLL + MARGIN);
    await soon(t, () => slow.waiting === count);
    must(slow.waiting === count, `${times(count, 'running job')}`, times(slow.waiting, 'running job'));
  };
  await step(t, 'stop() while a job runs that ends in time', async () => {
    const { worker } = process;
    const id = await process.enqueue('slow');
    await worker.call('start');
    await running(1);
    const next = await process.enqueue('slow');
    const stopping = begun(worker.call('stop', [{ graceMs: GRACE }]));
    const isOver = overYet(stopping);
    await world.pass(3 * POLL);
    must(slow.calls.length === 1, 'no new job after stop()', times(slow.calls.length - 1, 'new job'));
    await t.quiet();
    must(!isOver(), 'stop() that waits for the running job', 'stop() came back');
    await slow.release();
    slow.hold();
    await t.quiet();
    await process.job(id, { status: 'done' });
    await process.job(next, { status: 'pending', attempts: 0 });
    t.step = 'stop() comes back when the job has ended';
    await world.pass(POLL + MARGIN);
    must(await settles(t, stopping), 'stop() comes back', 'it waits');
    must(slow.calls.length === 1, 'no new job after stop()', times(slow.calls.length - 1, 'new job'));
    t.step = 'tick() after stop()';
    await process.tick(0);
    await heir.tick(1);
    await process.job(next, { status: 'done' });
  });
  await step(t, 'stop() when nothing runs', async () => {
    const worker = await world.worker(process.queue, { host: 1, handlers: process.handlers, concurrency: 2 });
    await worker.call('start');
    await world.pass(POLL);
    const stopping = begun(worker.call('stop', [{ graceMs: GRACE }]));
    await t.settle();
    await world.pass(POLL + MARGIN);
    must(await settles(t, stopping), 'stop() comes back', 'it waits');
  });
  await step(t, 'a job that does not end in time is given back', async () => {
    const worker = await world.worker(process.queue, { host: 1, handlers: process.handlers, concurrency: 2 });
    const id = await process.enqueue('slow', 'stays');
    await worker.call('start');
    await running(1);
    const stopping = begun(worker.call('stop', [{ graceMs: GRACE }]));
    await t.settle();
    await world.pass(GRACE - MARGIN);
    await process.job(id, { status: 'running' });
    await world.pass(2 * MARGIN + POLL);
    must(await settles(t, stopping), `stop() comes back after ${GRACE} ms`, 'it waits');
    await process.job(id, { status: 'pending' });
    t.step = 'another worker takes it at once';
    const heirs = t.play('slow-2').hold();
    const ticking = begun(heir.worker.call('tick'));
    must(await soon(t, () => heirs.waiting === 1), 'a call of the handler in the other process', 'none');
    t.step = 'what the stopped worker still brings is dropped';
    await slow.fails('too late').release();
    await t.quiet();
    await heir.job(id, { status: 'running' });
    await heirs.release();
    await heir.ticked(1, ticking);
    await heir.job(id, { status: 'done' });
  });
});
