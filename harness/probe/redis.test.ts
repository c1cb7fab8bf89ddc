import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { RedisServer } from './redis.ts';

const root = process.cwd();
const build = join(root, '.workbook', 'build');
const NOW = Date.UTC(2031, 4, 6);
let server: RedisServer;
let url: string;
const clients: Redis[] = [];

beforeAll(() => {
  server = new RedisServer({ root, build, real: null });
});

afterEach(() => {
  for (const client of clients.splice(0)) client.disconnect();
});

afterAll(() => server.end());

function connect(at = url, more: object = {}): Redis {
  const client = new Redis(at, { maxRetriesPerRequest: 0, retryStrategy: () => null, ...more });
  client.on('error', () => {});
  clients.push(client);
  return client;
}

async function beginOn(on: RedisServer): Promise<string> {
  const begun = await on.begin(NOW);
  if (!begun.ok) throw new Error(begun.why);
  return begun.url;
}

async function begin(): Promise<Redis> {
  url = await beginOn(server);
  return connect();
}

async function ok(request: Parameters<RedisServer['ask']>[0]): Promise<unknown> {
  const reply = await server.ask(request);
  if (!reply.ok) throw new Error(reply.why);
  return reply.value;
}

test('is a Redis: commands, scripts and subscriptions', async () => {
  const client = await begin();
  await client.set('a', 'Zoë');
  expect(await client.eval('return redis.call("GET", KEYS[1])', 1, 'a')).toBe('Zoë');
  const other = connect();
  await other.subscribe('news');
  const heard = once(other, 'message');
  await client.publish('news', 'hello');
  expect(await heard).toEqual(['news', 'hello']);
});

test('is read from outside', async () => {
  const client = await begin();
  await client.rpush('list', 'one', '2');
  expect(await ok({ op: 'command', words: ['LRANGE', 'list', '0', '-1'] })).toEqual(['one', '2']);
  expect(await ok({ op: 'command', words: ['GET', 'nothing'] })).toBeNull();
  expect(await server.ask({ op: 'command', words: ['GET', 'list'] })).toMatchObject({ ok: false });
});

test('is empty when a rule begins, on a port that no earlier client knows', async () => {
  const before = await begin();
  await before.set('a', '1');
  const gone = once(before, 'close');
  const after = await begin();
  await gone;
  expect(await after.keys('*')).toEqual([]);
  expect(before.options.port).not.toBe(after.options.port);
});

test('has a clock that only the suite moves', async () => {
  const client = await begin();
  expect(await client.time()).toEqual([String(NOW / 1000), '0']);
  await client.set('a', '1', 'PX', 5_000);
  await ok({ op: 'advance', ms: 4_990 });
  expect(await client.pttl('a')).toBe(10);
  await ok({ op: 'advance', ms: 20 });
  expect(await client.get('a')).toBeNull();
  await begin();
  expect(await ok({ op: 'command', words: ['TIME'] })).toEqual([String(NOW / 1000), '0']);
});

describe('a fault', () => {
  test('down: connections are gone and refused, and heal brings the data back', async () => {
    const client = await begin();
    await client.set('a', '1');
    const gone = once(client, 'close');
    await ok({ op: 'fault', fault: 'down' });
    await gone;
    await expect(connect(url, { lazyConnect: true }).connect()).rejects.toThrow('Connection is closed');
    await ok({ op: 'fault', fault: 'none' });
    expect(await connect().get('a')).toBe('1');
  });

  test('hang: nothing comes back until it is healed', async () => {
    const client = await begin();
    await client.set('a', '1');
    await ok({ op: 'fault', fault: 'hang' });
    let answered = false;
    const late = client.get('a').finally(() => (answered = true));
    expect(await ok({ op: 'command', words: ['GET', 'a'] })).toBe('1');
    expect(answered).toBe(false);
    await ok({ op: 'fault', fault: 'none' });
    expect(await late).toBe('1');
  });

  test('garbage: what comes back is no answer of a Redis', async () => {
    const client = await begin();
    await client.set('a', '1');
    await ok({ op: 'fault', fault: 'garbage' });
    await expect(client.get('a')).rejects.toThrow('Unknown RESP type');
  });
});

test('a script without an end is told, and the next rule has a Redis again', async () => {
  const client = await begin();
  client.eval('while true do end', 0).catch(() => {});
  await once(client, 'ready');
  expect(await server.ask({ op: 'command', words: ['GET', 'a'] }, 100)).toEqual({
    ok: false,
    why: 'no answer within 0.1 seconds',
  });
  const next = await begin();
  expect(await next.set('a', '1')).toBe('OK');
});

test('its process ends with the harness, even when that is killed', async () => {
  const script = `
    const { RedisServer } = await import(${JSON.stringify(join(root, 'harness', 'probe', 'redis.ts'))});
    const server = new RedisServer(${JSON.stringify({ root, build, real: null })});
    const url = await server.begin(0);
    server.ask({ op: 'command', words: ['EVAL', 'while true do end', '0'] });
    console.log(server.pid);`;
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
    cwd: root,
  });
  const [pid] = (await once(child.stdout, 'data')) as [Buffer];
  child.kill('SIGKILL');
  await once(child, 'close');
  const alive = (): boolean => {
    try {
      return process.kill(Number(pid.toString()), 0);
    } catch {
      return false;
    }
  };
  await expect.poll(alive, { timeout: 5_000 }).toBe(false);
});

describe('a real server', () => {
  async function withReal<T>(run: (real: RedisServer, own: Redis) => Promise<T>): Promise<T> {
    await begin();
    const real = new RedisServer({ root, build, real: url });
    try {
      return await run(real, connect(url.replace(/\/$/, '/15')));
    } finally {
      await real.end();
    }
  }

  test('is used in database 15, and left empty', async () => {
    const own = await withReal(async (real, probe) => {
      const address = await beginOn(real);
      expect(new URL(address).pathname).toBe('/15');
      await connect(address).set('a', '1');
      expect(await probe.get('a')).toBe('1');
      expect(await real.ask({ op: 'advance', ms: 5 })).toMatchObject({ ok: false });
      return probe;
    });
    expect(await own.dbsize()).toBe(0);
  });

  test('is left empty by a harness that is killed', async () => {
    await begin();
    const script = `
      const { RedisServer } = await import(${JSON.stringify(join(root, 'harness', 'probe', 'redis.ts'))});
      const server = new RedisServer(${JSON.stringify({ root, build, real: url })});
      await server.begin(0);
      await server.ask({ op: 'command', words: ['SET', 'a', '1'] });
      console.log('ready');`;
    const args = ['--import', 'tsx', '--input-type=module', '-e', script];
    const child = spawn(process.execPath, args, { cwd: root });
    await once(child.stdout, 'data');
    const own = connect(url.replace(/\/$/, '/15'));
    expect(await own.dbsize()).toBe(1);
    child.kill('SIGKILL');
    await expect.poll(() => own.dbsize(), { timeout: 5_000 }).toBe(0);
  });

  test('whose database holds data is left alone', async () => {
    await withReal(async (real, own) => {
      await own.set('theirs', '1');
      expect(await real.begin(NOW)).toMatchObject({
        ok: false,
        why: expect.stringContaining('holds 1 keys'),
      });
      expect(await own.get('theirs')).toBe('1');
    });
  });

  test('that nobody runs is said', async () => {
    const closed = createServer().listen(0, '127.0.0.1');
    await once(closed, 'listening');
    const { port } = closed.address() as AddressInfo;
    closed.close();
    const real = new RedisServer({ root, build, real: `redis://127.0.0.1:${port}` });
    expect(await real.begin(NOW)).toMatchObject({
      ok: false,
      why: expect.stringContaining('cannot be used'),
    });
    await real.end();
  });
});
