import { get } from 'node:http';
import { describe, expect, test } from 'vitest';
import { decode, encode } from '../message/plain.ts';
import { builtHost, NOW, resultOf, startHost } from './testing/host.ts';
import { hostEnvironment } from './isolation.ts';
import { explainDeath } from './death.ts';
import { HostProcess, USUAL_LIMITS } from './process.ts';
import type { Reply } from './process.ts';

const built = builtHost();

const call = (name: string, args: unknown[] = [], keep: string | null = null) =>
  ({ op: 'call', export: name, args: encode(args), keep }) as const;

function valueOf(reply: Reply): unknown {
  const result = resultOf(reply);
  if (result.kind !== 'value') throw new Error(`no value but ${JSON.stringify(result)}`);
  const decoded = decode(result.value);
  return decoded.ok ? decoded.value : decoded.why;
}

function statusOf(port: number): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    get({ host: '127.0.0.1', port, agent: false }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    }).once('error', reject);
  });
}

describe('a host', () => {
  test('boots, loads, tells the types of its exports and answers calls', async () => {
    const { host, load } = startHost(built.file);
    await host.ready();
    expect(
      resultOf(
        await load(
          `export const add = (a, b) => a + b; export const data = { a: 1 }; export default class {}`,
        ),
      ),
    ).toEqual({ kind: 'loaded', exports: { add: 'function', data: 'object', default: 'function' } });
    expect(valueOf(await host.request(call('add', [1, 2]), null))).toBe(3);
    expect(resultOf(await host.request(call('sub', [1, 2]), null))).toEqual({
      kind: 'cannot',
      why: expect.stringContaining('sub'),
    });
    expect(resultOf(await host.request(call('data'), null))).toMatchObject({ kind: 'cannot' });
    expect(resultOf(await host.request(call('toString'), null))).toMatchObject({ kind: 'cannot' });
  });

  test('answers calls in the order in which they end', async () => {
    const { host, load } = startHost(built.file);
    await load(
      `let open; export const wait = () => new Promise((r) => (open = r)); export const go = () => (open('first'), 'second')`,
    );
    const ends: string[] = [];
    const wait = host.request(call('wait'), null).then((reply) => ends.push(String(valueOf(reply))));
    const go = host.request(call('go'), null).then((reply) => ends.push(String(valueOf(reply))));
    await Promise.all([wait, go]);
    expect(new Set(ends)).toEqual(new Set(['first', 'second']));
  });

  test('gives arguments as plain values and sends plain values back', async () => {
    const { host, load } = startHost(built.file);
    await load(
      `export const same = (x) => x; export const kinds = (x) => [Object.getPrototypeOf(x) === Object.prototype, x.d instanceof Date, Buffer.isBuffer(x.b), x.m instanceof Map]`,
    );
    const value = {
      d: new Date(NOW),
      b: Buffer.from('ë'),
      m: new Map([[1, -0]]),
      u: undefined,
      n: Number.NaN,
      big: 9n,
    };
    expect(valueOf(await host.request(call('same', [value]), null))).toEqual(value);
    expect(valueOf(await host.request(call('kinds', [value]), null))).toEqual([true, true, true, true]);
  });

  test('tells what a call threw, and where', async () => {
    const { host, load } = startHost(built.file);
    await load(
      `export async function late() { throw Object.assign(new RangeError('far'), { code: 'E_FAR' }) }\nexport function text() { throw 'only text' }`,
    );
    const { kind, error } = resultOf(await host.request(call('late'), null)) as {
      kind: string;
      error: { stack: string };
    };
    expect({ kind, ...error }).toMatchObject({
      kind: 'threw',
      name: 'RangeError',
      message: 'far',
      code: 'E_FAR',
    });
    expect(error.stack).toMatch(/at late .*subject\.mjs:1:/);
    expect(resultOf(await host.request(call('text'), null))).toMatchObject({
      error: { name: 'string', message: 'only text', stack: null },
    });
  });

  test('says why a value cannot travel', async () => {
    const { host, load } = startHost(built.file);
    await load(
      `const loop = {}; loop.loop = loop; export const cycle = () => loop; export const proxy = () => new Proxy({}, { ownKeys() { throw new Error('mine') } }); export const many = () => new Array(1e6).fill(0)`,
    );
    expect(resultOf(await host.request(call('cycle'), null))).toEqual({
      kind: 'cannot',
      why: 'cycle returned a value that contains itself',
    });
    expect(resultOf(await host.request(call('many'), null))).toMatchObject({ kind: 'cannot' });
    expect(resultOf(await host.request(call('proxy'), null))).toMatchObject({
      kind: 'threw',
      error: { message: 'mine' },
    });
  });

  test('keeps a server under a name, listens, counts connections and closes', async () => {
    const { host, load } = startHost(built.file);
    await load(
      `import { createServer } from 'node:http'; export const make = (status) => createServer((q, s) => { s.statusCode = status; s.end() }).on('connection', () => {})`,
    );
    expect(resultOf(await host.request(call('make', [204], 'one'), null))).toEqual({
      kind: 'kept',
      shape: { type: '[object Object]', server: true, callable: false, listening: false },
    });
    await host.request(call('make', [404], 'two'), null);
    const one = resultOf(await host.request({ op: 'listen', handle: 'one' }, null)) as { port: number };
    const two = resultOf(await host.request({ op: 'listen', handle: 'two' }, null)) as { port: number };
    expect(one.port).not.toBe(two.port);
    expect(await Promise.all([statusOf(one.port), statusOf(two.port)])).toEqual([204, 404]);
    expect(resultOf(await host.request({ op: 'connections', handle: 'one' }, null))).toMatchObject({
      kind: 'count',
    });
    expect(resultOf(await host.request({ op: 'close', handle: 'one' }, null))).toEqual({ kind: 'done' });
    await expect(statusOf(one.port)).rejects.toThrow('ECONNREFUSED');
    expect(await statusOf(two.port)).toBe(404);
    expect(resultOf(await host.request({ op: 'listen', handle: 'one' }, null))).toMatchObject({
      kind: 'cannot',
    });
    expect(resultOf(await host.request({ op: 'close', handle: 'never made' }, null))).toEqual({
      kind: 'done',
    });
  });

  test('serves a function as an app, and a server that listens already where it listens', async () => {
    const { host, load } = startHost(built.file);
    await load(`import { createServer } from 'node:http'; import { once } from 'node:events';
      export const app = () => (request, answer) => answer.writeHead(202).end();
      export const open = async () => { const s = createServer((q, a) => a.writeHead(203).end()); s.listen(0, '127.0.0.1'); await once(s, 'listening'); return s; };
      export const text = () => 'no server'; export const nothing = () => {};`);
    for (const [name, shape, status] of [
      ['app', { server: false, callable: true }, 202],
      ['open', { server: true, listening: true }, 203],
    ] as const) {
      expect(resultOf(await host.request(call(name, [], name), null))).toMatchObject({ kind: 'kept', shape });
      const { port } = resultOf(await host.request({ op: 'listen', handle: name }, null)) as { port: number };
      expect(await statusOf(port)).toBe(status);
    }
    for (const [name, type] of [
      ['text', 'string'],
      ['nothing', 'undefined'],
    ] as const) {
      expect(resultOf(await host.request(call(name, [], name), null))).toMatchObject({
        shape: { type, server: false },
      });
      expect(resultOf(await host.request({ op: 'listen', handle: name }, null))).toMatchObject({
        kind: 'cannot',
      });
      expect(resultOf(await host.request({ op: 'connections', handle: name }, null))).toMatchObject({
        kind: 'cannot',
      });
    }
  });

  test('moves its clock when it is told to, and never by itself', async () => {
    const { host, load } = startHost(built.file);
    await load(
      `export const now = () => [Date.now(), new Date().getTime()]; export const nap = async (clock) => { await clock.sleep(300); return clock.now(); }`,
    );
    expect(valueOf(await host.request(call('now'), null))).toEqual([NOW, NOW]);
    const args = '[{"$":"dependency","v":["clock",{}]}]';
    const napping = host.request({ op: 'call', export: 'nap', args, keep: null }, null);
    await host.request({ op: 'waiting', count: 1 }, null);
    await host.request({ op: 'advance', ms: 500 }, null);
    expect(valueOf(await napping)).toBe(NOW + 300);
    expect(valueOf(await host.request(call('now'), null))).toEqual([NOW + 500, NOW + 500]);
    await host.request({ op: 'reset', now: NOW }, null);
    expect(valueOf(await host.request(call('now'), null))).toEqual([NOW, NOW]);
  });

  test('that answers too late is told apart, and its late answer is dropped', async () => {
    const { host, load } = startHost(built.file);
    await load(
      `let open; export const wait = () => new Promise((r) => (open = r)); export const go = () => (open('late'), 'in time')`,
    );
    expect(await host.request(call('wait'), 20)).toEqual({ kind: 'late' });
    expect(valueOf(await host.request(call('go'), null))).toBe('in time');
    expect(valueOf(await host.request(call('go'), null))).toBe('in time');
    expect(host.dead).toBeNull();
  });

  test('has an empty environment, but for what the system needs', async () => {
    const { host, load } = startHost(built.file);
    await load(`export const env = () => Object.keys(process.env)`);
    const known = Object.keys(hostEnvironment());
    expect(valueOf(await host.request(call('env'), null))).toEqual(process.platform === 'win32' ? known : []);
  });

  test('has what the caller names in its environment, and its own folder as working folder', async () => {
    const { host, load, scratch } = startHost(built.file, { env: { TZ: 'Pacific/Kiritimati' } });
    await load(`export const env = () => [process.env.TZ, new Date().getHours(), process.cwd()]`);
    expect(valueOf(await host.request(call('env'), null))).toEqual([
      'Pacific/Kiritimati',
      21,
      scratch.folder,
    ]);
  });

  test('that cannot be started is a death and no exception', async () => {
    const host = new HostProcess('/no/such/program', [], {
      folder: process.cwd(),
      env: {},
      limits: USUAL_LIMITS,
    });
    const reply = host.request({ op: 'ping' }, null);
    expect(await reply).toMatchObject({
      kind: 'dead',
      death: { cause: 'crashed', why: expect.stringContaining('could not be started') },
    });
    await host.ready();
    await host.kill();
  });
});

describe('what a program prints', () => {
  test('is kept, both streams, and never comes in the way of answers', async () => {
    const { host, load } = startHost(built.file);
    await load(`console.log('to stdout'); console.error('to stderr'); export const done = () => 1`);
    expect(valueOf(await host.request(call('done'), null))).toBe(1);
    await host.kill();
    expect(host.output.text).toContain('to stdout\n');
    expect(host.output.text).toContain('to stderr\n');
    expect(host.output.truncated).toBe(false);
  });

  test('is cut at 64 KiB, that is said, and the program does not block on it', async () => {
    const { host, load } = startHost(built.file);
    await load(
      `export const flood = () => { for (let i = 0; i < 2000; i++) process.stdout.write('x'.repeat(1024)); return 'done'; }`,
    );
    expect(valueOf(await host.request(call('flood'), null))).toBe('done');
    await host.kill();
    expect(Buffer.byteLength(host.output.text)).toBe(64 * 1024);
    expect(host.output.truncated).toBe(true);
  });

  test('may be bytes that are no text', async () => {
    const { host, load } = startHost(built.file);
    await load(`process.stdout.write(Buffer.from([0, 255, 27, 91, 65])); export const done = () => 1`);
    expect(valueOf(await host.request(call('done'), null))).toBe(1);
    await host.kill();
    expect(host.output.text).toBe('\0\ufffd\u001b[A');
  });

  test('is no way to speak for the host', async () => {
    const { host, load } = startHost(built.file);
    await load(
      `console.log(JSON.stringify({ id: 1, result: { kind: 'value', value: '"forged"' } })); export const real = () => 'real'`,
    );
    expect(valueOf(await host.request(call('real'), null))).toBe('real');
  });
});

describe('explainDeath', () => {
  const alive = { spawnError: null, sentence: null, uncaught: null, text: '' };
  const error = { name: 'TypeError', message: 'x is not a function', code: null, stack: null };

  test.each([
    [{ code: 0, signal: null }, alive, 'exited', 'exit code 0'],
    [{ code: 3, signal: null }, alive, 'exited', 'exit code 3'],
    [{ code: null, signal: 'SIGTERM' }, alive, 'exited', 'SIGTERM'],
    [{ code: 1, signal: null }, { ...alive, uncaught: error }, 'crashed', 'TypeError: x is not a function'],
    [
      { code: null, signal: 'SIGKILL' },
      { ...alive, sentence: { cause: 'hung', why: 'stood still' } },
      'hung',
      'stood still',
    ],
    [
      { code: null, signal: 'SIGKILL' },
      { ...alive, sentence: { cause: 'hung', why: 'stood still' }, uncaught: error },
      'hung',
      'stood still',
    ],
    [
      { code: null, signal: 'SIGABRT' },
      { ...alive, text: 'FATAL ERROR: JavaScript heap out of memory' },
      'memory',
      'memory',
    ],
    [{ code: null, signal: null }, { ...alive, spawnError: new Error('ENOENT') }, 'crashed', 'ENOENT'],
  ] as const)('%j, %j is %s', (exit, known, cause, why) => {
    expect(explainDeath(exit, known)).toMatchObject({ cause, why: expect.stringContaining(why) });
  });

  // What a program prints never decides what is said about it: a log line of an error it survived is no death.
  test('a crash stays a crash when the program once printed that memory was short', () => {
    const text = 'retrying after: RangeError: Array buffer allocation failed\n';
    const death = explainDeath({ code: 1, signal: null }, { ...alive, uncaught: error, text });
    expect(death).toMatchObject({ cause: 'crashed', why: expect.stringContaining('x is not a function') });
  });
});
