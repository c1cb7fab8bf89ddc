import { describe, expect, test } from 'vitest';
import { encode } from '../message/plain.ts';
import { builtHost, callOf, deathOf, resultOf, startHost } from './testing/host.ts';

const built = builtHost();

/** What a hostile program needs to write into the pipe. */
const PIPE = `
  import { writeSync, readSync, closeSync } from 'node:fs';
  const frame = (text) => { const body = Buffer.from(text); const head = Buffer.alloc(4); head.writeUInt32BE(body.length); return Buffer.concat([head, body]); };
  const say = (message) => writeSync(3, frame(JSON.stringify(message)));
`;

describe.concurrent('a program that writes into the pipe', () => {
  test.for<string[]>([
    ['text', `writeSync(3, 'hello\\n'.repeat(10))`],
    ['an over-long announcement', `writeSync(3, Buffer.from([255, 255, 255, 255]))`],
    ['a frame that is no JSON', `writeSync(3, frame('{'))`],
    ['a frame that is no message', `say({ passed: ['R1'] })`],
    ['a kind that does not exist', `say({ id: 1, result: { kind: 'passed' } })`],
    ['an id that was never given out', `say({ id: 4096, result: { kind: 'done' } })`],
    ['id 0', `say({ id: 0, result: { kind: 'done' } })`],
    ['a negative id', `say({ id: -1, result: { kind: 'done' } })`],
    [
      'the next id, before it is given out',
      `for (let id = 3; id < 20; id++) say({ id, result: { kind: 'value', value: '"forged"' } })`,
    ],
    ['a second ready', `say({ event: 'ready', node: 'v99.0.0' })`],
    ['a deep message', `writeSync(3, frame('['.repeat(100_000)))`],
  ])('is ended for it: %s', async ([, statement = ''], context) => {
    const { host, load } = startHost(built.file, {}, context.onTestFinished);
    await load(`${PIPE} export const run = () => { ${statement}; return new Promise(() => {}) }`);
    const reply = await host.request(callOf('run'), null);
    expect(reply).toMatchObject({
      kind: 'dead',
      death: { cause: 'crashed', why: expect.stringContaining('pipe') },
    });
  });

  test('cannot answer one request twice', async (context) => {
    const { host, load } = startHost(built.file, {}, context.onTestFinished);
    await load(
      `${PIPE} export const run = () => { for (let i = 0; i < 3; i++) say({ id: 2, result: { kind: 'value', value: String(i) } }); return 9 }; export const next = () => 'next'`,
    );
    expect(resultOf(await host.request(callOf('run'), null))).toEqual({ kind: 'value', value: '0' });
    expect(resultOf(await host.request(callOf('next'), null))).toEqual({ kind: 'value', value: '"next"' });
  });

  // Every such call is kept in the suite's thread: without a bound a program fills the memory of the harness.
  test('that calls what the suite plays without end is ended', async (context) => {
    const { host, load } = startHost(built.file, {}, context.onTestFinished);
    await load(
      `export const run = (play) => { const text = 'x'.repeat(100_000); const flood = () => { for (let i = 0; i < 10; i++) void play(text); setTimeout(flood, 1) }; flood(); return new Promise(() => {}) }`,
    );
    let bytes = 0;
    host.onCalled = ({ args }) => (bytes += args.length);
    const args = '[{"$":"dependency","v":["played",{"name":"mail"}]}]';
    const reply = await host.request({ op: 'call', export: 'run', args, keep: null }, 2_000);
    expect([reply.kind, bytes < 64 << 20]).toEqual(['dead', true]);
  });

  test('that closes the pipe is ended, and what waited is answered', async (context) => {
    const death = await deathOf(
      built.file,
      `${PIPE} export const run = () => { closeSync(3); return new Promise(() => {}) }; setInterval(() => {}, 1000)`,
      context,
    );
    expect(['crashed', 'exited']).toContain(death.cause);
  });

  test('that closes the pipe and loops is ended', async (context) => {
    const death = await deathOf(
      built.file,
      `${PIPE} export const run = () => { closeSync(3); for (;;); }`,
      context,
      {
        limits: { stall: 400 },
      },
    );
    expect(['crashed', 'hung']).toContain(death.cause);
  });

  test('that answers pings from inside a loop is late at the latest', async (context) => {
    const text = `${PIPE} export const run = () => { say({ id: 2, result: { kind: 'count', count: 1 } }); const b = Buffer.alloc(65536); for (let id = 1; ; id++) { try { const n = readSync(3, b); const found = /"id":(\\d+),"op":"ping"/.exec(b.toString('latin1', 0, n)); if (found) say({ id: Number(found[1]), result: { kind: 'count', count: 1 } }) } catch {} } }`;
    const { host, load } = startHost(built.file, { limits: { stall: 1_000 } }, context.onTestFinished);
    await load(text);
    host.watch();
    const reply = await host.request(callOf('run'), 1_700);
    expect(reply).toEqual({ kind: 'late' });
  });
});

describe.concurrent('answers that do not fit', () => {
  // A large result is no attack: the learner reads what happened, not that the pipe was written to.
  test.for<string[]>([
    ['a value of 2 MB', `export const run = () => 'x'.repeat(2 << 20)`],
    ['an error with a message of 2 MB', `export const run = () => { throw new Error('x'.repeat(2 << 20)) }`],
  ])('are said, and the host lives on: %s', async ([, text = ''], context) => {
    const { host, load } = startHost(built.file, {}, context.onTestFinished);
    await load(`${text}; export const after = () => 'after'`);
    const reply = await host.request(callOf('run'), null);
    expect(reply.kind).toBe('reply');
    expect(['cannot', 'threw']).toContain(resultOf(reply).kind);
    expect(resultOf(await host.request(callOf('after'), null))).toEqual({ kind: 'value', value: '"after"' });
  });

  test('are said, and the host lives on: a batch whose results are too long together', async (context) => {
    const { host, load } = startHost(built.file, {}, context.onTestFinished);
    await load(`export const run = () => 'x'.repeat(600_000)`);
    const calls = [1, 2, 3].map(() => ({ export: 'run', args: '[]' }));
    const reply = await host.request({ op: 'batch', calls }, null);
    expect(reply).toMatchObject({ kind: 'reply', result: { kind: 'cannot' } });
  });

  test('are said, and the host lives on: a played function called with 2 MB', async (context) => {
    const { host, load } = startHost(built.file, {}, context.onTestFinished);
    await load(
      `export const run = async (play) => { void play('x'.repeat(2 << 20)).catch(() => {}); return 'fine' }`,
    );
    const args = '[{"$":"dependency","v":["played",{"name":"mail"}]}]';
    const reply = await host.request({ op: 'call', export: 'run', args, keep: null }, null);
    expect(reply).toMatchObject({ kind: 'reply', result: { kind: 'value', value: '"fine"' } });
    expect(resultOf(await host.request({ op: 'ping' }, null)).kind).toBe('count');
  });

  // A suite that sends too much is a mistake of ours, and must not be told as a death of the learner's program.
  test('a request that is too long is refused here and does not kill the host', async (context) => {
    const { host, load } = startHost(built.file, {}, context.onTestFinished);
    await load(`export const run = () => 'fine'`);
    const long = { op: 'call', export: 'run', args: encode(['x'.repeat(2 << 20)]), keep: null } as const;
    await expect((async () => host.request(long, null))()).rejects.toThrow(/1048576|bytes|too long/);
    expect(resultOf(await host.request(callOf('run'), null))).toEqual({ kind: 'value', value: '"fine"' });
  });
});
