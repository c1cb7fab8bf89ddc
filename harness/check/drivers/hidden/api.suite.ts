// canary 9f1d0c2b7a6e4835d1c0be77
import { clock, database, eventually, fn, ids, played, rule, same, Unmet } from '#suite';
import type { Trial } from '#suite';

function serve(t: Trial, host = 1) {
  const deps = { db: database('app'), clock: clock(), newId: ids(), send: played('send') };
  return t.serve('createApp', [deps], { host });
}

function must(holds: boolean, expected: string, got: unknown): void {
  if (!holds) throw new Unmet({ expected, got: JSON.stringify(got) });
}

rule('R1', async (t) => {
  const app = await serve(t);
  const text = t.random.word();
  const { json } = (await app.post('/notes', { json: { text } })).mustBe(201);
  const rows = await t.database('app').query('SELECT id, text FROM notes');
  must(rows.length === 1 && rows[0]?.['text'] === text, 'the row, read from outside', rows);
  must((json as { id: string }).id.length === 26, 'an id of 26 characters', json);
  await t.database('app').execute({ sql: 'INSERT INTO notes VALUES (?, ?)', params: ['x', 'from outside'] });
  const all = (await app.get('/notes')).json as { text: string }[];
  must(
    all.some((note) => note.text === 'from outside'),
    'a row that came from outside',
    all,
  );
});

rule('R2', async (t) => {
  must((await (await serve(t)).get('/notes')).text === '[]', 'a database of its own for every rule', null);
});

rule('R3', async (t) => {
  const app = await serve(t);
  await t.database('app').breakTables();
  (await app.get('/notes')).mustBe(500);
  await t.database('app').healTables();
  (await app.get('/notes')).mustBe(200);
});

rule('R4', async (t) => {
  const [one, two] = [await serve(t), await serve(t, 2)];
  const log = t.statements({ host: 1 });
  await log.pauseOn('INSERT INTO NOTES');
  const first = one.post('/notes', { json: { text: 'same' } });
  must(await log.paused(), 'host 1 stands before its INSERT', null);
  (await two.get('/notes')).mustBe(200);
  await log.release();
  (await first).mustBe(201);
  (await two.post('/notes', { json: { text: 'same' } })).mustBe(409);
  const list = await log.list();
  must(
    list.some((sql) => sql.startsWith('BEGIN')) && list.includes('COMMIT'),
    'BEGIN and COMMIT in the log',
    list,
  );
});

rule('R5', async (t) => {
  const app = await serve(t);
  await t.statements().failOn('insert', 2, 'SQLITE_FULL');
  (await app.post('/notes', { json: { text: 'a' } })).mustBe(201);
  (await app.post('/notes', { json: { text: 'b' } })).mustHaveJson(500, { code: 'SQLITE_FULL' });
  (await app.post('/notes', { json: { text: 'c' } })).mustBe(201);
  await t.statements().failOn('insert', 2, 'SQLITE_FULL');
  (await app.post('/notes', { json: { text: 'd' } })).mustBe(201);
  await t.statements().disarm();
  (await app.post('/notes', { json: { text: 'e' } })).mustBe(201);
});

rule('R6', async (t) => {
  const app = await serve(t);
  const mailer = t.play('send').answers(([to]) => `to ${String(to)}`);
  (await app.post('/mail', { json: { text: 'hi' } })).mustHaveJson(200, { sent: 'to ada@example.test' });
  mailer.fails('no route', { code: 'ECONNREFUSED', fields: { status: 404 } });
  (await app.post('/mail', { json: { text: 'again' } })).mustHaveJson(502, {
    why: 'no route',
    code: 'ECONNREFUSED',
    status: 404,
  });
  mailer.answers(() => 'late').hold();
  const waiting = app.post('/mail', { json: { text: 'held' } });
  (await app.get('/notes')).mustBe(200);
  await t.quiet();
  must(
    mailer.calls.length === 3 && mailer.calls[2]?.[1] === 'held',
    'three calls, with their arguments',
    mailer.calls,
  );
  await mailer.release();
  (await waiting).mustHaveJson(200, { sent: 'late' });
});

rule('R7', async (t) => {
  const app = await serve(t);
  const late = app.get('/late');
  await t.clock.waiting(1);
  await t.clock.advance(200);
  const answer = await late;
  const now = t.now + 200;
  must(
    JSON.stringify(answer.json) === JSON.stringify({ now, date: now, fresh: now, isDate: true }),
    `${now} everywhere`,
    answer.json,
  );
});

rule('R8', async (t) => {
  await t.call('forget');
  const [first] = await t.batch([
    ['note', ['a']],
    ['note', ['b']],
  ]);
  const order = first !== undefined && 'value' in first ? first.value : null;
  must(
    JSON.stringify(order) === '["begin a","begin b","end a","end b"]',
    'both begin before either ends',
    order,
  );
});

rule('R9', async (t) => {
  const app = await serve(t);
  const db = t.database('app');
  await db.execute("INSERT INTO notes VALUES ('1', 'here')");
  must(
    (await db.dump()).some(({ table, value }) => table === 'notes' && value === 'here'),
    'the value in the dump',
    null,
  );
  await db.lock();
  (await app.get('/notes')).must(
    'an error while another process holds the database',
    ({ status }) => status === 500,
  );
  await db.unlock();
  (await app.get('/notes')).mustBe(200);
});

rule('R10', async (t) => {
  const app = await serve(t);
  await t.statements().killOn('insert');
  await app.post('/notes', { json: { text: 'never' } });
});

rule('R15', async (t) => {
  const app = await serve(t);
  await app.get('/wait');
  const [idle, work] = [
    await app.computing(() => app.get('/wait')),
    await app.computing(() => app.get('/work')),
  ];
  must(work > 2 * idle && work > 5, 'much more computing for the work than for the waiting', { idle, work });
});

rule('R16', async (t) => {
  const send = t.play('send').hold();
  const app = await serve(t);
  (await app.post('/notes', { json: { text: 'before' } })).mustBe(201);
  const lost = app.post('/mail', { json: { text: 'x' } }).catch(() => null);
  await eventually(async () => send.waiting === 1);
  await t.kill();
  must((await lost) === null, 'no answer', 'an answer');
  // What the old process was promised must not reach the new one as the answer to its own first call.
  const again = await serve(t);
  const text = t.random.word();
  const waiting = again.post('/mail', { json: { text } });
  await eventually(async () => send.waiting === 2);
  await send.answers(([, sent]) => sent).release();
  must(((await waiting).json as { sent: unknown }).sent === text, `sent ${text}`, (await waiting).text);
  must((await again.get('/notes')).text.includes('before'), 'the data of before', 'none');
});

rule('R17', async (t) => {
  const app = await serve(t);
  await t.statements().killOn('insert');
  const lost = app.post('/notes', { json: { text: 'never' } }).catch(() => null);
  must(await t.died(), 'a death', 'none');
  await lost;
  must(!(await t.died()), 'a fresh process that lives', 'a dead one');
  must((await (await serve(t)).get('/notes')).text === '[]', 'no note', 'one');
});

rule('R18', async (t) => {
  const db = t.connection('app');
  const counter = await t.make('createCounter', [db.itself]);
  const counted = async (): Promise<unknown> =>
    (await t.database('app').query('SELECT count(*) AS n FROM counted'))[0]?.['n'];
  const begin = [db, 'exec', ['BEGIN']] as const;
  const end = [db, 'exec', ['ROLLBACK']] as const;
  const [, now] = await counter.turn([begin, [counter, 'add', []], end]);
  must(JSON.stringify(now) === '{"value":1}', 'one row, at once', now);
  must((await counted()) === 0, 'no row after ROLLBACK', await counted());
  const [, later] = await counter.turn([begin, [counter, 'addLater', []], end]);
  must(JSON.stringify(later) === '{"value":1,"later":true}', 'one row, promised', later);
  must((await counted()) === 1, 'a row that came after ROLLBACK', await counted());
  for (const [given, expected] of [
    [fn.returns('x'), [1, 'x']],
    [fn.fails('no'), ['no']],
    [fn.throws(null), [null]],
  ] as const) {
    const outcome = await t.call('addTo', [counter.itself, given]);
    must('value' in outcome && same(outcome.value, expected), JSON.stringify(expected), outcome);
  }
});
