// canary 3c5f09a1d2e87b64f01a9c2d
import { played, redis, rule, Unmet } from '#suite';
import type { App, Trial } from '#suite';

function serve(t: Trial): Promise<App> {
  return t.serve('createApp', [{ redis: redis() }]);
}

function must(holds: boolean, expected: string, got: unknown): void {
  if (!holds) throw new Unmet({ expected, got: JSON.stringify(got) });
}

rule('R1', async (t) => {
  const app = await serve(t);
  (await app.request('PUT', '/a?one')).mustBe(200);
  must((await t.redis.command('GET', 'a')) === 'one', 'the value, read from outside', null);
  await t.redis.command('SET', 'b', 2);
  must((await app.get('/b')).text === '2', 'a value that came from outside', null);
  const keys = await t.redis.keys();
  must(keys.toSorted().join() === 'a,b', 'both keys', keys);
});

rule('R2', async (t) => {
  const keys = await t.redis.keys();
  must(keys.length === 0, 'an empty Redis for every rule', keys);
  must((await (await serve(t)).get('/a')).text === 'null', 'an empty Redis for every rule', null);
});

rule('R3', async (t) => {
  const app = await serve(t);
  await app.request('PUT', '/a?one');
  await t.redis.advance(9_900);
  must((await app.get('/a')).text === 'one', 'a key before its time', null);
  await t.redis.advance(200);
  must((await app.get('/a')).text === 'null', 'no key after its time', null);
});

rule('R4', async (t) => {
  const app = await serve(t);
  (await app.get('/a')).mustBe(200);
  await t.redis.hang();
  const late = app.get('/a');
  must((await t.redis.command('PING')) === 'PONG', 'an answer past the fault', null);
  await t.redis.heal();
  (await late).mustBe(200);
});

rule('R5', async (t) => {
  const app = await serve(t);
  (await app.get('/a')).mustBe(200);
  await t.redis.garbage();
  (await app.get('/a')).mustBe(502);
});

rule('R6', async (t) => {
  const app = await serve(t);
  (await app.get('/a')).mustBe(200);
  await t.redis.down();
  (await app.get('/a')).mustBe(502);
  await t.redis.heal();
  (await (await serve(t)).get('/a')).mustBe(200);
});

rule('R7', async (t) => {
  const counter = await t.make('createCounter', [5]);
  t.play('load').answers(() => 10);
  const outcomes = await counter.batch([
    ['slowly', [played('load')]],
    ['add', [1]],
  ]);
  must(
    JSON.stringify(outcomes) === '[{"value":16,"later":true},{"value":6}]',
    'two calls in one turn',
    outcomes,
  );
  const { value } = (await counter.call('add', [1])) as { value: unknown };
  must(value === 17, 'an object that keeps its state', value);
});

rule('R8', async (t) => {
  const counter = await t.make('createCounter', [5]);
  await counter.call('subtract', [1]);
});
