// canary a90d4f7716be2c83d5419f60
import { rule, same, show, step } from '#suite';
import {
  begun,
  idOf,
  isRecord,
  LEASE,
  MARGIN,
  must,
  mustCall,
  outcomeText,
  pauseOn,
  soon,
  times,
  World,
} from './stage.ts';

/** More statements than this, and the check has seen enough of them. */
const MOST_STATEMENTS = 16;

rule('R1', async (t) => {
  const world = new World(t);
  const types = ['sendEmail'];
  const first = await world.open({ types });
  const payload = { to: t.random.word(), list: [1, null, { deep: true }] };
  const id = await step(t, 'a job is enqueued', async () => {
    const given = await first.enqueue('sendEmail', payload);
    const job = { id: given, type: 'sendEmail', payload, status: 'pending', attempts: 0, lastError: null };
    await first.job(given, job);
    await first.must('get', [`no-${t.random.word()}`], 'null: no such job', (value) => value === null);
    return given;
  });
  const second = await step(t, 'the process dies, and another one finds the job', async () => {
    await world.kill(1);
    const fresh = await world.open({ types });
    await fresh.job(id, { status: 'pending', payload });
    return fresh;
  });
  await step(t, 'it runs the job', async () => {
    await second.tick(1);
    mustCall(t, 'sendEmail', 1);
    const [given, run] = t.play('sendEmail').calls[0] ?? [];
    must(same(given, payload), show(payload), show(given), 'the first argument of the handler');
    const told = { id, type: 'sendEmail', attempt: 1 };
    const seen = isRecord(run) ? { id: run['id'], type: run['type'], attempt: run['attempt'] } : run;
    must(same(seen, told), show(told), show(seen), 'the second argument of the handler');
    await second.job(id, { status: 'done', attempts: 1 });
  });
  await step(t, 'and never again', async () => {
    await second.tick(0);
    await world.pass(2 * LEASE);
    await second.tick(0);
    mustCall(t, 'sendEmail', 1);
    await second.job(id, { status: 'done', attempts: 1 });
    t.step = 'it is known for a day';
    await world.pass(23 * 3_600_000);
    await second.tick(0);
    await second.job(id, { status: 'done', attempts: 1 });
  });
  await step(t, 'the next job has an id of its own', async () => {
    const next = await second.enqueue('sendEmail', payload);
    must(
      next !== id,
      `an id that is not ${show(id)}`,
      show(next),
      second.queue.sent('enqueue', ['sendEmail', payload]),
    );
    await second.tick(1);
    await second.job(next, { status: 'done' });
  });
});

rule('R2', async (t) => {
  const world = new World(t);
  await world.host(1);
  const db = t.connection('app');
  const process = await world.open({ types: ['sendEmail'], db: db.itself });
  const { queue } = process;
  const exec = (sql: string) => [db, 'exec', [sql]] as const;
  await queue.turn([exec('CREATE TABLE orders (name TEXT)')]);
  const placed = async (end: string): Promise<void> => {
    const outcomes = await queue.turn([
      exec('BEGIN'),
      exec("INSERT INTO orders VALUES ('tea')"),
      [queue, 'enqueue', ['sendEmail', { order: 'tea' }]],
      exec(end),
    ]);
    const sent = `BEGIN; INSERT INTO orders …; enqueue("sendEmail", …); ${end} (on the connection of the queue)`;
    idOf(outcomes[2], sent);
    const broken = outcomes.find((outcome) => 'threw' in outcome);
    if (broken !== undefined) must(false, 'no error', outcomeText(broken), sent);
    await t.settle();
  };
  const orders = async (): Promise<number> => (await t.database('app').query('SELECT * FROM orders')).length;
  await step(t, 'a transaction that ends with COMMIT', async () => {
    await placed('COMMIT');
    must((await orders()) === 1, 'the order of the caller', 'none');
    await process.tick(1);
    mustCall(t, 'sendEmail', 1);
  });
  await step(t, 'a transaction that ends with ROLLBACK', async () => {
    await placed('ROLLBACK');
    const count = await orders();
    must(count === 1, 'no order of the caller', 'an order: enqueue has ended the transaction of the caller');
    await process.tick(0);
    await world.pass(LEASE);
    await process.tick(0);
    mustCall(t, 'sendEmail', 1, 'for the job that was committed');
  });
});

rule('R3', async (t) => {
  const world = new World(t);
  const types = ['resizeImage'];
  const resizing = t.play('resizeImage');
  const one = await world.open({ types, concurrency: 8 });
  const two = await world.open({ host: 2, types, concurrency: 8 });
  const runsOf = (nth: number): number =>
    resizing.calls.filter(([payload]) => isRecord(payload) && payload['nth'] === nth).length;
  await step(t, 'two processes with eight places each, and twelve jobs', async () => {
    for (let nth = 101; nth <= 112; nth++) await one.enqueue('resizeImage', { nth });
    const all = await Promise.all([one.worker.call('tick'), two.worker.call('tick')]);
    const threw = all.find((outcome) => 'threw' in outcome);
    for (let round = 0; round < 3; round++) for (const each of [one, two]) await each.worker.call('tick');
    for (let nth = 101; nth <= 112; nth++) {
      const runs = runsOf(nth);
      must(
        runs === 1,
        'one call of the handler for each job',
        threw === undefined ? `${times(runs)} for one of them` : outcomeText(threw),
      );
    }
  });
  await step(
    t,
    'one process stands still in the middle of its tick, and another one looks for work',
    async () => {
      const log = t.statements({ host: 1 });
      for (let nth = 1; nth <= MOST_STATEMENTS; nth++) {
        const id = await two.enqueue('resizeImage', { nth });
        const standstill = await pauseOn(log, nth);
        const slow = begun(one.worker.call('tick'));
        const stands = await Promise.race([log.paused(), slow.then(() => false)]);
        if (!stands) break;
        const quick = begun(two.worker.call('tick'));
        // Who holds the write lock makes the other wait: it is let go, then.
        await Promise.race([quick, standstill()]);
        await log.release();
        await Promise.all([slow, quick]);
        // A database that was busy may have kept both from it. That is slow, and not wrong.
        if (runsOf(nth) === 0) await two.worker.call('tick');
        const runs = runsOf(nth);
        must(
          runs === 1,
          'one call of the handler',
          times(runs),
          'tick() in two processes at the same time, with one job',
        );
        await two.must('get', [id], 'the job', isRecord);
      }
    },
  );
});

rule('R4', async (t) => {
  const world = new World(t);
  const types = ['buildReport'];
  const reports = t.play('buildReport');
  const survivor = await world.open({ host: 2, types });
  const runsOf = (nth: number): number =>
    reports.calls.filter(([payload]) => isRecord(payload) && payload['nth'] === nth).length;
  const log = t.statements({ host: 2 });
  const statements = await step(t, 'nobody dies', async () => {
    await survivor.enqueue('buildReport', { nth: 0 });
    const before = (await log.list()).length;
    await survivor.tick(1);
    return Math.min((await log.list()).length - before, MOST_STATEMENTS);
  });
  let victim = await world.open({ types });
  await step(t, 'a process dies while the handler runs', async () => {
    const id = await survivor.enqueue('buildReport', { nth: 1 });
    reports.hold();
    void begun(victim.worker.call('tick'));
    must(await soon(t, () => reports.waiting === 1), 'one call of the handler', times(runsOf(1)));
    await survivor.job(id, { status: 'running', attempts: 1 });
    await world.kill(1);
    await reports.release();
    t.step = 'the process is started again, and the lease of the dead one is not over yet';
    victim = await world.open({ types });
    await victim.tick(0);
    await world.pass(LEASE - MARGIN);
    await survivor.tick(0);
    must(runsOf(1) === 1, 'one call of the handler', times(runsOf(1)));
    t.step = 'the lease of the dead process is over';
    await world.pass(2 * MARGIN);
    await survivor.tick(1);
    must(runsOf(1) === 2, '2 calls of the handler', times(runsOf(1)));
    const run = reports.calls.at(-1)?.[1];
    const attempt = isRecord(run) ? run['attempt'] : undefined;
    must(attempt === 2, 'attempt 2', show(attempt), 'the second argument of the handler');
    await survivor.job(id, { status: 'done', attempts: 2 });
  });
  await step(t, 'a process dies between two statements of its tick', async () => {
    for (let nth = 2; nth <= statements; nth++) {
      const id = await survivor.enqueue('buildReport', { nth });
      if (nth > 2) victim = await world.open({ types });
      await t.statements().killOn('', nth);
      const ticked = await victim.worker.call('tick').then(
        () => true,
        () => false,
      );
      if (ticked) await world.kill(1);
      else await world.died(1);
      await world.pass(LEASE + MARGIN);
      await survivor.tick(null);
      await survivor.job(id, { status: 'done' });
      must(runsOf(nth) > 0, 'a job that was run', 'a job that is done, and was never run');
      if (ticked) break;
    }
  });
});
