// canary 19d7c6f0428eb35a9c01e7f4
import { fn, rule, same, show, step } from '#suite';
import type { CallOutcome } from '#suite';
import { begun, idOf, must, mustCall, outcomeText, pauseOn, RETRY, soon, times, World } from './stage.ts';
import type { Id, Process } from './stage.ts';

const HOUR = 3_600_000;
/** More statements than this, and the check has seen enough of them. */
const MOST_STATEMENTS = 12;

/** The statements of a process that something takes. */
async function logged(process: Process, world: World, work: () => Promise<unknown>): Promise<string[]> {
  const log = world.t.statements({ host: process.host });
  const before = (await log.list()).length;
  await work();
  return (await log.list()).slice(before, before + MOST_STATEMENTS);
}

/**
 * Before which of these statements a process has to stand still. In a transaction that began with the write lock nobody else
 * writes, so that its last statement stands for all of them.
 */
function gaps(statements: readonly string[]): number[] {
  let isLocked = false;
  const found: number[] = [];
  for (const [index, sql] of statements.entries()) {
    if (isLocked && /^\s*(commit|end)\b/i.test(sql)) isLocked = false;
    if (!isLocked) found.push(index + 1);
    if (/^\s*begin\s+(immediate|exclusive)\b/i.test(sql)) isLocked = true;
  }
  return found;
}

/** The first process stands still before its nth statement, while the second one does the same. */
async function raced(
  world: World,
  nth: number,
  [first, second]: readonly [() => Promise<CallOutcome>, () => Promise<CallOutcome>],
): Promise<[CallOutcome, CallOutcome]> {
  const log = world.t.statements({ host: 1 });
  const standstill = await pauseOn(log, nth);
  const slow = begun(first());
  await Promise.race([log.paused(), slow]);
  const quick = begun(second());
  // Who holds the write lock makes the other wait: it is let go, then.
  await Promise.race([quick, standstill()]);
  await log.release();
  const outcomes = await Promise.all([slow, quick]);
  // Work that was shorter than before has not come to it.
  await log.disarm();
  return outcomes;
}

function isBusy(outcome: CallOutcome): boolean {
  return 'threw' in outcome && (outcome.threw.code ?? '').startsWith('SQLITE_BUSY');
}

rule('R13', async (t) => {
  const world = new World(t);
  const types = ['buildReport', 'sendEmail'];
  const reports = t.play('buildReport');
  const one = await world.open({ types });
  const two = await world.open({ host: 2, types });
  const dedupeKey = t.random.word();
  const again = async (process: Process, id: Id, is: boolean, type = 'buildReport'): Promise<Id> => {
    const args = [type, { second: true }, { dedupeKey }];
    const got = idOf(await process.queue.call('enqueue', args), process.queue.sent('enqueue', args));
    must(
      (got === id) === is,
      is ? `the id of the first job, ${show(id)}` : 'a new id',
      show(got),
      process.queue.sent('enqueue', args),
    );
    return got;
  };
  const id = await step(t, 'while the first one is pending', async () => {
    const first = await one.enqueue('buildReport', { first: true }, { dedupeKey });
    await again(one, first, true);
    await again(two, first, true);
    await again(two, first, true, 'sendEmail');
    await one.job(first, { type: 'buildReport', payload: { first: true } });
    return first;
  });
  await step(t, 'other keys, and none', async () => {
    const others = [
      await one.enqueue('sendEmail', 1, { dedupeKey: `${dedupeKey}2` }),
      await one.enqueue('sendEmail', 2),
      await one.enqueue('sendEmail', 3),
    ];
    must(new Set([id, ...others]).size === 4, 'four jobs', show([id, ...others]));
    for (let i = 0; i < 4; i++) await one.tick(1);
    await one.tick(0);
    mustCall(t, 'buildReport', 1);
  });
  await step(t, 'when it is done, a new one is made', async () => {
    await one.job(id, { status: 'done' });
    reports.hold();
    const next = await again(two, id, false);
    const ticking = begun(one.worker.call('tick'));
    must(await soon(t, () => reports.waiting === 1), 'one call of the handler', 'none');
    t.step = 'while it runs';
    await again(two, next, true);
    t.step = 'while it waits for its next attempt';
    await reports.fails('busy').release();
    await one.ticked(1, ticking);
    await again(two, next, true);
    t.step = 'when it is dead, a new one is made';
    for (let attempt = 2; attempt <= 5; attempt++) {
      await world.pass(RETRY.maxMs);
      await one.tick(1);
    }
    await one.job(next, { status: 'dead' });
    reports.answers(() => 'ok');
    await again(two, next, false);
    await one.tick(1);
    t.step = 'while one that was dead waits again';
    await two.must('retryDead', [next], 'true', (value) => value === true);
    await again(one, next, true);
    await one.tick(1);
    await again(one, next, false);
    await one.tick(1);
  });
  await step(t, 'an empty text is a key', async () => {
    const first = await one.enqueue('sendEmail', 5, { dedupeKey: '' });
    const second = await two.enqueue('sendEmail', 6, { dedupeKey: '' });
    must(
      second === first,
      `the id of the first job, ${show(first)}`,
      show(second),
      'enqueue(…, { dedupeKey: "" })',
    );
    await one.tick(1);
  });
  await step(t, 'in a transaction of the caller', async () => {
    const db = t.connection('app');
    const inside = await world.open({ types, db: db.itself });
    const args = ['sendEmail', 7, { dedupeKey: `${dedupeKey}-inside` }];
    const enqueued = async (end: string): Promise<Id> => {
      const outcomes = await inside.queue.turn([
        [db, 'exec', ['BEGIN']],
        [inside.queue, 'enqueue', args],
        [db, 'exec', [end]],
      ]);
      const sent = `BEGIN; ${inside.queue.sent('enqueue', args)}; ${end}`;
      const broken = outcomes.find((outcome) => 'threw' in outcome);
      if (broken !== undefined) must(false, 'no error', outcomeText(broken), sent);
      return idOf(outcomes[1], sent);
    };
    await enqueued('ROLLBACK');
    await two.tick(0);
    const id = await enqueued('COMMIT');
    const found = idOf(await two.queue.call('enqueue', args), two.queue.sent('enqueue', args));
    must(found === id, `the id of the first job, ${show(id)}`, show(found), two.queue.sent('enqueue', args));
    await two.tick(1);
    await two.tick(0);
  });
  await step(t, 'two processes at the same moment', async () => {
    const statements = await logged(one, world, () => one.enqueue('sendEmail', 4, { dedupeKey: 'counted' }));
    await one.tick(1);
    for (const nth of gaps(statements)) {
      const before = t.play('sendEmail').calls.length;
      const args = ['sendEmail', nth, { dedupeKey: `race-${nth}` }];
      const both = await raced(world, nth, [
        () => one.queue.call('enqueue', args),
        () => two.queue.call('enqueue', args),
      ]);
      const sent = `${one.queue.sent('enqueue', args)} in two processes`;
      const ids = both.filter((outcome) => !isBusy(outcome)).map((outcome) => idOf(outcome, sent));
      must(ids.length > 0, 'at least one that is not kept out by the other', 'both threw SQLITE_BUSY', sent);
      must(new Set(ids).size === 1, 'one id', show(ids), sent);
      await two.tick(1);
      await two.tick(0);
      must(
        t.play('sendEmail').calls.length === before + 1,
        'one job',
        times(t.play('sendEmail').calls.length - before, 'job'),
        sent,
      );
    }
  });
});

rule('R15', async (t) => {
  const world = new World(t);
  const types = ['buildReport'];
  const one = await world.open({ types, concurrency: 20 });
  const two = await world.open({ host: 2, types, concurrency: 20 });
  const recurring = { everyMs: HOUR, type: 'buildReport', payload: { kind: t.random.word() } };
  const scheduled = async (process: Process, is: boolean, name = 'hourly'): Promise<void> => {
    const expected = is ? 'the id of a job' : 'null: this period has its job';
    const isId = (value: unknown): boolean => typeof value === 'string' || typeof value === 'number';
    await process.must('schedule', [name, recurring], expected, (value) =>
      is ? isId(value) : value === null,
    );
  };
  const reports = t.play('buildReport');
  let runs = 0;
  const ran = async (count: number): Promise<void> => {
    await two.worker.call('tick');
    must(
      reports.calls.length === runs + count,
      `${times(count, 'job')}`,
      times(reports.calls.length - runs, 'job'),
    );
    runs += count;
  };
  // Ten minutes into a period.
  await world.pass(HOUR - (world.now % HOUR) + HOUR / 6);
  await step(t, 'the first call of a period', async () => {
    await scheduled(one, true);
    await ran(1);
    const [payload] = reports.calls[0] ?? [];
    must(same(payload, recurring.payload), show(recurring.payload), show(payload), 'the payload of the job');
  });
  await step(t, 'again in the same period', async () => {
    await scheduled(one, false);
    await scheduled(two, false);
    await world.pass(HOUR / 2);
    await scheduled(one, false);
    await scheduled(two, false);
    await ran(0);
  });
  await step(t, 'another name', async () => {
    await scheduled(two, true, 'another');
    await ran(1);
  });
  await step(t, 'the next period, and a machine whose clock is behind', async () => {
    // Less than an hour after the first call, and in the next period all the same.
    await world.pass(0.4 * HOUR, { frozen: [1] });
    await scheduled(two, true);
    await scheduled(one, false);
    await scheduled(two, false);
    await ran(1);
  });
  await step(t, 'after five periods without a call', async () => {
    await world.pass(5 * HOUR);
    await scheduled(one, true);
    await scheduled(one, false);
    await ran(1);
  });
  const statements = await step(t, 'two processes at the same moment', async () => {
    const seen = await logged(one, world, () => scheduled(one, true, 'counted'));
    await ran(1);
    for (const nth of gaps(seen)) {
      const args = [`race-${nth}`, recurring];
      const outcomes = await raced(world, nth, [
        () => one.queue.call('schedule', args),
        () => two.queue.call('schedule', args),
      ]);
      const broken = outcomes.find((outcome) => 'threw' in outcome && !isBusy(outcome));
      if (broken !== undefined)
        must(false, 'an id and null', outcomeText(broken), one.queue.sent('schedule', args));
      await two.queue.call('schedule', args);
      await ran(1);
    }
    return seen.length;
  });
  await step(t, 'the database fails in the middle', async () => {
    for (let nth = 1; nth <= statements; nth++) {
      await t.statements().failOn('', nth, 'SQLITE_IOERR');
      await one.queue.call('schedule', [`fails-${nth}`, recurring]);
      await t.statements().disarm();
      await two.queue.call('schedule', [`fails-${nth}`, recurring]);
      await ran(1);
    }
  });
  await step(t, 'the process dies in the middle', async () => {
    await t.statements().killOn('', statements);
    const lives = await one.queue.call('schedule', ['dies', recurring]).then(
      () => true,
      () => false,
    );
    if (!lives) await world.died(1);
    await two.queue.call('schedule', ['dies', recurring]);
    await ran(1);
  });
});

rule('R16', async (t) => {
  const world = new World(t);
  const type = "it's; DROP TABLE jobs; --";
  const process = await world.open({ types: [type], concurrency: 5 });
  const good: readonly (readonly [label: string, payload: unknown])[] = [
    ['texts', { quotes: `' " \` \\ \${1}`, lines: 'a\nb\u0000c', far: 'grüße 😀', empty: '' }],
    ['numbers and the like', [0, -1.5, 1e21, true, false, null]],
    ['depth', [[[[{ a: [{ b: {} }] }]]]]],
    ['a text', 'require("fs")'],
    ['a number', 0],
    ['false', false],
    ['null', null],
    // With its two quotes.
    ['65,536 bytes', 'x'.repeat(65_534)],
  ];
  for (const [label, payload] of good) {
    await step(t, `a payload: ${label}`, async () => {
      const id = await process.enqueue(type, payload);
      await process.job(id, { payload, type });
      await process.tick(1);
      const given = t.play(type).calls.at(-1)?.[0];
      must(same(given, payload), show(payload), show(given), 'the first argument of the handler');
    });
  }
  const bad: readonly (readonly [label: string, payload: unknown])[] = [
    ['65,537 bytes', 'x'.repeat(65_535)],
    ['70,000 bytes', 'x'.repeat(70_000)],
    ['40,000 characters of two bytes each', 'é'.repeat(40_000)],
    ['a function', { run: fn.returns(1) }],
    ['a function in a list', [fn.returns(1)]],
    ['a function behind a number in a list', [1, fn.returns(1)]],
    ['a Date', { at: new Date(0) }],
    ['a Date four levels down', { a: [{ b: { at: new Date(0) } }] }],
    ['a Date itself', new Date(0)],
    ['a function four levels down', { a: [{ b: [fn.returns(1)] }] }],
    ['a Map', { map: new Map([['a', 1]]) }],
    ['a Map in a list', [new Map([['a', 1]])]],
    ['a BigInt', { big: 10n }],
    ['undefined', undefined],
  ];
  for (const [label, payload] of bad) {
    await step(t, `no payload: ${label}`, async () => {
      const count = t.play(type).calls.length;
      const outcome = await process.queue.call('enqueue', [type, payload]);
      must('threw' in outcome, 'an error', outcomeText(outcome), `enqueue(…, ${label})`);
      await process.tick(0);
      mustCall(t, type, count);
    });
  }
});
