// canary e86a1b20f5d74c93379b0c5e
import { database, played, PlayedFailure, rule, same, show, step } from '#suite';
import type { Made, Trial } from '#suite';
import { begun, isRecord, LEASE, MARGIN, must, outcomeText, RETRY, soon, times, World } from './stage.ts';
import type { Id, Process } from './stage.ts';

/** Somebody else's mail service: of all calls with one key it makes one mail. */
class Mailer {
  readonly sends;
  readonly mails = new Map<unknown, unknown>();

  constructor(t: Trial) {
    this.sends = t.play('mailer.send');
    this.works();
  }

  works(): void {
    this.sends.answers(([mail]) => {
      const key = isRecord(mail) ? mail['idempotencyKey'] : undefined;
      if (typeof key !== 'string' || key.length < 1 || key.length > 255)
        return new PlayedFailure('idempotencyKey has to be a text of 1 to 255 characters');
      if (!this.mails.has(key)) this.mails.set(key, mail);
      return { accepted: true };
    });
  }

  /** The keys of the calls from this one on. */
  keys(from: number): unknown[] {
    return this.sends.calls
      .slice(from)
      .map(([mail]) => (isRecord(mail) ? mail['idempotencyKey'] : undefined));
  }
}

async function handlersOn(t: Trial, host: number): Promise<Made> {
  const mailer = { send: played('mailer.send') };
  return await t.make('createHandlers', [{ db: database(), mailer }], { host });
}

async function mailProcess(world: World, host: number): Promise<Process> {
  await world.host(host);
  return await world.open({ host, handlers: (await handlersOn(world.t, host)).itself });
}

rule('R10', async (t) => {
  const world = new World(t);
  const mailer = new Mailer(t);
  const mail = { to: `${t.random.word()}@example.test`, subject: t.random.word(), text: t.random.word() };
  const first = await mailProcess(world, 1);
  const mustHave = (count: number): void =>
    must(
      mailer.mails.size === count,
      times(count, 'mail'),
      times(mailer.mails.size, 'mail'),
      `sendEmail(${show(mail)}, …)`,
    );
  const sameKey = (from: number, what: string): void => {
    const keys = mailer.keys(from);
    must(keys.length > 1, `another call of mailer.send ${what}`, 'none');
    must(new Set(keys).size === 1, 'the same idempotencyKey each time', show(keys));
  };
  await step(t, 'a mail is sent', async () => {
    const id = await first.enqueue('sendEmail', mail);
    await first.tick(1);
    const sent = mailer.sends.calls[0]?.[0];
    const { to, subject, text, idempotencyKey } = isRecord(sent) ? sent : {};
    must(same({ to, subject, text }, mail), show(mail), show({ to, subject, text }), 'mailer.send(…)');
    const holds =
      typeof idempotencyKey === 'string' && idempotencyKey.length > 0 && idempotencyKey.length < 256;
    must(holds, 'an idempotencyKey: a text of 1 to 255 characters', show(idempotencyKey), 'mailer.send(…)');
    await first.job(id, { status: 'done' });
    mustHave(1);
  });
  await step(t, 'another job with the same payload is another mail', async () => {
    await first.enqueue('sendEmail', mail);
    await first.tick(1);
    mustHave(2);
  });
  await step(t, 'the mailer fails, and the job is tried again', async () => {
    const from = mailer.sends.calls.length;
    mailer.sends.fails('421 try again later');
    const id = await first.enqueue('sendEmail', mail);
    await first.tick(1);
    await first.job(id, { status: 'pending', attempts: 1 });
    mailer.works();
    await world.pass(RETRY.maxMs);
    await first.tick(1);
    await first.job(id, { status: 'done' });
    mustHave(3);
    sameKey(from, 'for the second attempt');
  });
  const second = await mailProcess(world, 2);
  await step(t, 'the process dies after the mail was sent, and before the job is done', async () => {
    const from = mailer.sends.calls.length;
    const id = await first.enqueue('sendEmail', mail);
    mailer.sends.hold();
    const lost = begun(first.worker.call('tick'));
    must(await soon(t, () => mailer.sends.waiting === 1), 'one call of mailer.send', 'none');
    await t.statements().killOn('');
    await mailer.sends.release();
    const lives = await lost.then(
      () => true,
      () => false,
    );
    if (lives) must(false, 'a statement that writes down the end of the job', 'none');
    await world.died(1);
    await world.pass(LEASE + MARGIN);
    await second.tick(null);
    await second.job(id, { status: 'done', attempts: 2 });
    mustHave(4);
    must(new Set(mailer.keys(from)).size === 1, 'the same idempotencyKey each time', show(mailer.keys(from)));
  });
  await step(t, 'the process dies before the mailer has the mail', async () => {
    const from = mailer.sends.calls.length;
    const third = await mailProcess(world, 1);
    const id = await second.enqueue('sendEmail', mail);
    mailer.sends.hold();
    void begun(third.worker.call('tick'));
    must(await soon(t, () => mailer.sends.waiting === 1), 'one call of mailer.send', 'none');
    // Frozen: its call is under way, and never arrives.
    await world.pass(LEASE + MARGIN, { frozen: [1] });
    const ticking = begun(second.worker.call('tick'));
    must(
      await soon(t, () => mailer.sends.waiting === 2),
      'another call of mailer.send by the next process',
      'none',
    );
    await mailer.sends.release();
    await second.ticked(1, ticking);
    await second.job(id, { status: 'done' });
    sameKey(from, 'by the next process');
  });
});

rule('R17', async (t) => {
  const world = new World(t);
  const account = t.random.word();
  const queues = await world.open({ types: [] });
  const log = t.statements({ host: 1 });
  let handlers = await handlersOn(t, 1);
  let total = 0;
  const mustHold = async (expected: number): Promise<void> => {
    const rows = await t.database('app').query('SELECT total FROM points WHERE account = ?', [account]);
    const got = rows.length === 1 ? rows[0]?.['total'] : rows;
    must(
      got === expected,
      `total ${expected}`,
      show(got),
      `SELECT total FROM points WHERE account = '${account}'`,
    );
  };
  const add = async (id: Id, points: number, attempt = 1): Promise<string | null> => {
    const outcome = await handlers.call('addPoints', [
      { account, points },
      { id, type: 'addPoints', attempt },
    ]);
    return 'value' in outcome ? null : outcomeText(outcome);
  };
  const mustAdd = async (id: Id, points: number, attempt: number): Promise<void> => {
    const error = await add(id, points, attempt);
    if (error !== null) must(false, 'no error', error, handlers.sent('addPoints', [{ account, points }]));
  };
  const points = t.random.integer(2, 90);
  const enqueued = async (): Promise<Id> => await queues.enqueue('addPoints', { account, points });
  const statements = await step(t, 'one job', async () => {
    const id = await enqueued();
    const before = (await log.list()).length;
    await mustAdd(id, points, 1);
    const count = (await log.list()).length - before;
    t.step = 'one job, twice';
    await mustAdd(id, points, 2);
    await mustHold((total += points));
    return count;
  });
  await step(t, 'another job with the same payload', async () => {
    await mustAdd(await enqueued(), points, 1);
    await mustHold((total += points));
  });
  await step(t, 'the database fails in the middle, and the job runs again', async () => {
    for (let nth = 1; nth <= statements; nth++) {
      const id = await enqueued();
      await log.failOn('', nth, 'SQLITE_IOERR');
      await add(id, points);
      await log.disarm();
      await mustAdd(id, points, 2);
      total += points;
    }
    await mustHold(total);
  });
  await step(t, 'the process dies in the middle, and the job runs again', async () => {
    const id = await enqueued();
    await log.killOn('', statements);
    const lives = await add(id, points).then(
      () => true,
      () => false,
    );
    if (lives) await world.kill(1);
    else await world.died(1);
    handlers = await handlersOn(t, 1);
    await mustAdd(id, points, 2);
    await mustHold((total += points));
  });
});
