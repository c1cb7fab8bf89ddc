import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import { describe, expect, onTestFinished, test } from 'vitest';
import { builtHost, callOf, deathOf, isThere, resultOf, startHost } from './testing/host.ts';
import type { Started } from './testing/host.ts';

const built = builtHost();

describe.concurrent('a program that ends itself', () => {
  test.for<string[]>([
    ['process.exit(0) at import', `process.exit(0)`, 'exited', 'exit code 0'],
    ['process.exit(7) at import', `process.exit(7)`, 'exited', 'exit code 7'],
    ['process.reallyExit', `process.reallyExit(0)`, 'exited', 'exit code 0'],
    ['process.exit in a call', `export const run = () => process.exit(0)`, 'exited', 'exit code 0'],
    [
      'process.exit behind a call',
      `export const run = () => { setImmediate(() => process.exit(5)); return 1 }`,
      'exited',
      'exit code 5',
    ],
    [
      'exit code 0 from an exit handler',
      `process.on('exit', () => { process.exitCode = 0 }); export const run = () => process.exit(9)`,
      'exited',
      'exit code 0',
    ],
    ['SIGKILL to itself', `process.kill(process.pid, 'SIGKILL')`, 'exited', 'SIGKILL'],
    [
      'SIGTERM to itself in a call',
      `export const run = () => { process.kill(process.pid, 'SIGTERM'); return new Promise(() => {}) }`,
      'exited',
      'SIGTERM',
    ],
    [
      'an error in a timer',
      `export const run = () => { setTimeout(() => { throw new TypeError('in a timer') }, 0); return new Promise(() => {}) }`,
      'crashed',
      'TypeError: in a timer',
    ],
    [
      'a rejection nobody handles',
      `export const run = () => { void Promise.reject(new RangeError('forgotten')); return new Promise(() => {}) }`,
      'crashed',
      'RangeError: forgotten',
    ],
    [
      'a rejection that is no error',
      `export const run = () => { void Promise.reject('only text'); return new Promise(() => {}) }`,
      'crashed',
      'only text',
    ],
    [
      'an error event without a listener',
      `import { EventEmitter } from 'node:events'; export const run = () => { setImmediate(() => new EventEmitter().emit('error', new Error('no listener'))); return new Promise(() => {}) }`,
      'crashed',
      'no listener',
    ],
  ])('%s', async ([, text = '', cause, why = ''], context) => {
    expect(await deathOf(built.file, text, context)).toMatchObject({
      cause,
      why: expect.stringContaining(why),
    });
  });

  test('with an error tells where: the stack comes along', async (context) => {
    const death = await deathOf(
      built.file,
      `export const run = () => { setImmediate(function tick() { throw new Error('here') }); return new Promise(() => {}) }`,
      context,
    );
    expect(death.error).toMatchObject({
      name: 'Error',
      message: 'here',
      stack: expect.stringMatching(/tick .*subject\.mjs:1:/),
    });
  });

  test('by abort is ended, and all that waited is answered', async (context) => {
    const { host, load } = startHost(built.file, {}, context.onTestFinished);
    await load(`export const wait = () => new Promise(() => {}); export const run = () => process.abort()`);
    const replies = await Promise.all([
      host.request(callOf('wait'), null),
      host.request(callOf('wait'), 60_000),
      host.request(callOf('run'), null),
    ]);
    for (const reply of replies) expect(reply).toMatchObject({ kind: 'dead', death: { cause: 'exited' } });
    expect(await host.request({ op: 'ping' }, null)).toMatchObject({
      kind: 'dead',
      death: { cause: 'exited' },
    });
    expect(host.dead).toEqual(await host.ended);
  });

  test('with an error whose fields throw is a crash as well', async (context) => {
    const nasty = `class Nasty extends Error { get name() { throw new Error('name') } get stack() { throw new Error('stack') } }`;
    for (const text of [
      `${nasty} throw new Nasty()`,
      `${nasty} export const run = () => { throw new Nasty() }`,
    ]) {
      const { host, load } = startHost(built.file, {}, context.onTestFinished);
      const loaded = await load(text);
      const reply =
        loaded.kind === 'reply' && loaded.result.kind === 'loaded'
          ? await host.request(callOf('run'), 5_000)
          : loaded;
      expect(reply.kind === 'dead' || resultOf(reply).kind === 'threw').toBe(true);
    }
  });
});

describe.concurrent('a program that does not end', () => {
  const limits = { stall: 300 };
  test.for<string[]>([
    ['a loop at import', `for (;;);`],
    ['a loop in a call', `export const run = () => { for (;;); }`],
    ['a regular expression', `export const run = () => /^(a+)+$/.test('a'.repeat(40) + 'b')`],
    ['promises without an end', `export const run = async () => { for (;;) await null }`],
    [
      'a wait on shared memory',
      `export const run = () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)`,
    ],
  ])('is ended from outside: %s', async ([, text = ''], context) => {
    const death = await deathOf(built.file, text, context, { limits });
    expect(death).toMatchObject({ cause: 'hung', why: expect.stringContaining('0.3 seconds') });
  });

  test('is ended when it is stopped by a signal', async (context) => {
    expect(
      await deathOf(built.file, `export const run = () => process.kill(process.pid, 'SIGSTOP')`, context, {
        limits,
      }),
    ).toMatchObject({ cause: 'hung' });
  });

  // On a busy machine Node itself takes a while to come up; nothing of the program runs then.
  test('is not blamed for the time in which its host boots', async (context) => {
    const slow = 'data:text/javascript,Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 900)';
    const { host, load } = startHost(
      built.file,
      { limits, flags: [`--import=${slow}`] },
      context.onTestFinished,
    );
    host.watch();
    expect(await load(`export const run = () => 'fine'`)).toMatchObject({ kind: 'reply' });
    expect(host.dead).toBeNull();
  });

  test('may take its time when it does not block: an unsettled promise is no stall', async (context) => {
    const { host, load } = startHost(built.file, { limits: { stall: 1_000 } }, context.onTestFinished);
    await load(`export const wait = () => new Promise((r) => setTimeout(r, 1_400, 'slow'))`);
    host.watch();
    expect(resultOf(await host.request(callOf('wait'), null))).toMatchObject({
      kind: 'value',
      value: '"slow"',
    });
  });
});

describe.concurrent('a program that takes too much memory', () => {
  test.runIf(process.platform === 'linux')('in buffers, is seen from outside', async (context) => {
    const text = `const all = []; export const run = () => { const take = () => { all.push(Buffer.alloc(8 << 20, 1)); setImmediate(take) }; take(); return new Promise(() => {}) }`;
    const death = await deathOf(built.file, text, context, { limits: { memory: 160 << 20 } });
    expect(death).toMatchObject({ cause: 'memory', why: expect.stringContaining('160 MB') });
  });

  test('in the heap, ends by V8’s limit', async (context) => {
    const text = `const all = []; export const run = () => { for (;;) all.push(new Array(1000).fill(all.length)) }`;
    expect(await deathOf(built.file, text, context, { flags: ['--max-old-space-size=20'] })).toMatchObject({
      cause: 'memory',
    });
  });

  test('in the heap, is still named for it when the program printed more than is kept', async (context) => {
    const text = `process.stdout.write('x'.repeat(70_000)); const all = []; export const run = () => { for (;;) all.push(new Array(1000).fill(all.length)) }`;
    expect(await deathOf(built.file, text, context, { flags: ['--max-old-space-size=20'] })).toMatchObject({
      cause: 'memory',
    });
  });
});

describe.skipIf(process.platform === 'win32')('the process group', () => {
  const child = (options: string) => `
    import { spawn } from 'node:child_process';
    export const run = () => spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], ${options}).pid;`;

  async function grandchild(options: string): Promise<Started & { pid: number }> {
    const started = startHost(built.file);
    await started.load(child(options));
    const result = resultOf(await started.host.request(callOf('run'), null));
    const pid = Number((result as { value: string }).value);
    onTestFinished(() => {
      if (isThere(pid)) process.kill(pid, 'SIGKILL');
    });
    return { ...started, pid };
  }

  test.each([`{ stdio: 'ignore' }`, `{ stdio: 'inherit' }`])(
    'a child of the program dies with the host: %s',
    async (options) => {
      const { host, pid } = await grandchild(options);
      expect(isThere(pid)).toBe(true);
      await host.kill();
      await expect.poll(() => isThere(pid)).toBe(false);
    },
  );

  test('a child of the program dies when the program ends by itself', async () => {
    const { host, pid } = await grandchild(`{ stdio: ['ignore', 'inherit', 'inherit', 3] }`);
    process.kill(host.pid as number, 'SIGTERM');
    expect(await host.ended).toMatchObject({ cause: 'exited' });
    await expect.poll(() => isThere(pid)).toBe(false);
  });

  test('a child that left the group and holds the pipes does not hold up the end', async () => {
    const { host } = await grandchild(`{ detached: true, stdio: ['ignore', 'inherit', 'inherit', 3] }`);
    process.kill(host.pid as number, 'SIGKILL');
    expect(await host.ended).toMatchObject({ cause: 'exited' });
  });
});

describe('a host whose workbook is gone', () => {
  test('ends by itself', async () => {
    const child = spawn(process.execPath, [built.file], {
      env: {},
      stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    const pipe = child.stdio[3] as Duplex;
    await once(pipe, 'data');
    const ended = once(child, 'exit');
    pipe.destroy();
    expect(await ended).toEqual(process.platform === 'win32' ? [1, null] : [null, 'SIGKILL']);
  });
});
