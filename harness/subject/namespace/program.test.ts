import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { encode } from '../../message/plain.ts';
import { eventually } from '../../suite/rule.ts';
import { descendantsOf } from './group.ts';
import type { Exit, ProgramProcess } from '../program.ts';
import type { Subject } from '../subject.ts';
import { builtHost, isThere } from '../testing/host.ts';
import { inNamespaces, LEVELS } from '../testing/levels.ts';
import { subjectOf } from '../testing/subject.ts';

/** How a process ends has to be told exactly, and its ports have to be met as they are, at every level. */
const PROGRAM = `
import { connect, createServer } from 'node:net';
const [what, value] = process.argv.slice(2);
const wait = () => setInterval(() => {}, 1000);
if (what === 'exit') process.exit(Number(value));
if (what === 'die') process.kill(process.pid, value), wait();
if (what === 'wait') console.log('waiting'), wait();
if (what === 'handle') process.on('SIGTERM', () => process.exit(Number(value))), console.log('waiting'), wait();
if (what === 'throw') throw new Error('on purpose');
if (what === 'serve') {
  const server = createServer((socket) => socket.end('welcome'));
  server.listen(0, value, () => console.log(server.address().port));
  process.on('SIGTERM', () => server.close(() => wait()));
}
if (what === 'dial') {
  const socket = connect(Number(value), 'localhost');
  socket.on('error', (error) => console.log(error.code));
  socket.on('data', (chunk) => console.log(String(chunk)));
}
`;

const built = builtHost();

function start(subject: Subject, ...args: string[]): ProgramProcess {
  return subject.startProgram('main', encode({ args, env: {} }));
}

async function firstLine(program: ProgramProcess): Promise<string> {
  await eventually(() => Promise.resolve(program.lines.length > 0 || program.exited !== null), 20_000);
  return program.lines[0] ?? '';
}

/** What a client is told on a port of this machine. */
async function dial(port: number): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  return await new Promise((resolve) => {
    socket.on('data', (chunk: Buffer) => resolve(String(chunk)));
    socket.on('error', (error: NodeJS.ErrnoException) => resolve(String(error.code)));
    socket.on('close', () => resolve('closed'));
  });
}

async function listening(): Promise<number> {
  const server = createServer((socket) => void socket.end('I am Redis'));
  onTestFinished(() => void server.close());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

describe.each(LEVELS)('at isolation level %s', (isolation) => {
  const open = () => subjectOf(built.file, PROGRAM, { isolation, changes: { kind: 'program' } });

  test.each<[string[], Exit]>([
    [['exit', '0'], { code: 0, signal: null }],
    [['exit', '3'], { code: 3, signal: null }],
    // 128 and the number of a signal: what a shell makes of a signal, and no signal.
    [['exit', '143'], { code: 143, signal: null }],
    [['die', 'SIGTERM'], { code: null, signal: 'SIGTERM' }],
    [['die', 'SIGKILL'], { code: null, signal: 'SIGKILL' }],
    [['throw'], { code: 1, signal: null }],
  ])('the end of %j is told as it is', async (args, exit) => {
    expect(await start(open(), ...args).ended).toEqual(exit);
  });

  test('signals arrive, and a program may answer them in its own way', async () => {
    const subject = open();
    const waits = start(subject, 'wait');
    const handles = start(subject, 'handle', '143');
    expect(await firstLine(waits)).toBe('waiting');
    expect(await firstLine(handles)).toBe('waiting');
    waits.signal('SIGTERM');
    handles.signal('SIGTERM');
    expect(await waits.ended).toEqual({ code: null, signal: 'SIGTERM' });
    expect(await handles.ended).toEqual({ code: 143, signal: null });
  });

  test.each(['127.0.0.1', 'localhost', '::', '0.0.0.0'])(
    'a port on %s is met, and refuses when it is closed',
    async (host) => {
      const program = start(open(), 'serve', host);
      const port = Number(await firstLine(program));
      expect(await dial(await program.reach(port))).toBe('welcome');
      expect(await dial(await program.reach(port))).toBe('welcome');
      program.signal('SIGTERM');
      const refuses = async () => (await dial(await program.reach(port))) === 'ECONNREFUSED';
      expect(await eventually(refuses)).toBe(true);
      expect(program.exited).toBeNull();
      expect(await dial(await program.reach(1))).toBe('ECONNREFUSED');
    },
  );

  test('the Redis of the suite is found on its port of the loopback', async () => {
    const subject = open();
    const port = await listening();
    await subject.begin('r1', `redis://127.0.0.1:${port}/`);
    expect(await firstLine(start(subject, 'dial', String(port)))).toBe('I am Redis');
  });
});

inNamespaces('in a namespace', () => {
  const open = () => subjectOf(built.file, PROGRAM, { isolation: 'namespace', changes: { kind: 'program' } });

  test('nothing but the Redis of the rule is found, and only while it is up', async () => {
    const subject = open();
    const [redis, other] = [await listening(), await listening()];
    const address = `redis://127.0.0.1:${redis}/`;
    await subject.begin('r1', address);
    expect(await firstLine(start(subject, 'dial', String(other)))).toBe('ECONNREFUSED');
    await subject.offerRedis(null);
    expect(await firstLine(start(subject, 'dial', String(redis)))).toBe('ECONNREFUSED');
    await subject.offerRedis(address);
    expect(await firstLine(start(subject, 'dial', String(redis)))).toBe('I am Redis');
    await subject.begin('r2', null);
    expect(await firstLine(start(subject, 'dial', String(redis)))).toBe('ECONNREFUSED');
  });

  test('everything ends with the process that was started', async () => {
    const program = start(open(), 'wait');
    await firstLine(program);
    const pids = descendantsOf(program.pid ?? 0);
    expect(pids.length).toBeGreaterThanOrEqual(3);
    await program.kill();
    expect(await eventually(() => Promise.resolve(pids.every((pid) => !isThere(pid))))).toBe(true);
  });
});
