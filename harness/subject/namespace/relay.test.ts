import { once } from 'node:events';
import { request } from 'node:http';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { encode } from '../../message/plain.ts';
import { eventually } from '../../suite/rule.ts';
import type { Subject } from '../subject.ts';
import { builtHost, resultOf } from '../testing/host.ts';
import { LEVELS } from '../testing/levels.ts';
import { AT, called, subjectOf } from '../testing/subject.ts';

/** What a client and a server do to each other has to look the same whether or not a relay is between them. */
const PROGRAM = `
import { createServer } from 'node:http';
import { createHash } from 'node:crypto';
const seen = [];
let held = null;
export const log = () => seen.splice(0);
export const letGo = () => void held?.end('at last');
export const make = () =>
  createServer((request, response) => {
    const { url } = request;
    seen.push('asked ' + url);
    request.on('error', (error) => seen.push(url + ' ' + error.code));
    if (url === '/who') return response.end(request.socket.remoteAddress + ' ' + request.socket.localAddress);
    if (url === '/hold') return void (held = response);
    if (url === '/reset') return void request.socket.resetAndDestroy();
    if (url === '/drop') return void request.socket.destroy();
    if (url === '/deaf') return void request.pause();
    if (url === '/large') return response.end(Buffer.alloc(5_000_000, 7));
    const hash = createHash('sha256');
    request.on('data', (chunk) => hash.update(chunk));
    request.on('end', () => response.end(hash.digest('hex')));
  }).on('connection', (socket) => socket.on('close', (failed) => seen.push('closed ' + failed)));
`;

const built = builtHost();

async function served(subject: Subject): Promise<number> {
  await subject.call(AT, { export: 'make', args: encode([]), keep: 'server' });
  const result = resultOf(await subject.ask(AT, () => ({ op: 'listen', handle: 'server' })));
  if (result.kind !== 'port') throw new Error(`no port but ${JSON.stringify(result)}`);
  return result.port;
}

/** Everything that arrives, and how the connection ended. */
function client(port: number): { socket: Socket; text: () => string; ended: Promise<string> } {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  onTestFinished(() => void socket.destroy());
  let text = '';
  socket.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')));
  const ended = new Promise<string>((resolve) => {
    socket.once('end', () => resolve('end'));
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? ''));
  });
  return { socket, text: () => text, ended };
}

const GET = (path: string) => `GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`;

describe.each(LEVELS)('at isolation level %s', (isolation) => {
  const open = () => subjectOf(built.file, PROGRAM, { isolation, changes: { kind: 'http' } });

  test('a program sees its own loopback, and several requests on one connection', async () => {
    const port = await served(open());
    const { socket, text } = client(port);
    socket.write(GET('/who'));
    expect(await eventually(() => Promise.resolve(text().endsWith('127.0.0.1 127.0.0.1')))).toBe(true);
    socket.write(GET('/who') + GET('/who'));
    expect(await eventually(() => Promise.resolve(text().split('HTTP/1.1 200').length === 4))).toBe(true);
  });

  test('a client that says that no more comes still gets its answer', async () => {
    const port = await served(open());
    const { socket, text, ended } = client(port);
    socket.end(GET('/hash'));
    expect(await ended).toBe('end');
    expect(text()).toContain('HTTP/1.1 200 OK');
  });

  test('a client that gives up in the middle of a body is an error there, and hurts nobody', async () => {
    const subject = open();
    const port = await served(subject);
    const { socket } = client(port);
    socket.write('POST /hash HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nhalf');
    await eventually(async () => ((await called(subject, 'log')) as unknown[]).includes('asked /hash'));
    socket.resetAndDestroy();
    const log: unknown[] = [];
    await eventually(async () => {
      log.push(...((await called(subject, 'log')) as unknown[]));
      return log.some((line) => String(line).startsWith('closed'));
    });
    expect(log).toContain('/hash ECONNRESET');
    const after = client(port);
    after.socket.end(GET('/who'));
    expect(await after.ended).toBe('end');
  });

  test.each([
    ['/reset', 'ECONNRESET'],
    ['/drop', 'end'],
  ])('a server that breaks a connection (%s) breaks it for the client: %s', async (path, how) => {
    const port = await served(open());
    const { socket, ended, text } = client(port);
    socket.write(GET(path));
    expect(await ended).toBe(how);
    expect(text()).toBe('');
  });

  test('a held answer comes when it is let go, and others pass it by', async () => {
    const subject = open();
    const port = await served(subject);
    const { socket, text } = client(port);
    socket.write(GET('/hold'));
    const other = client(port);
    other.socket.end(GET('/who'));
    expect(await other.ended).toBe('end');
    expect(text()).toBe('');
    await eventually(async () => {
      await called(subject, 'letGo');
      return text() !== '';
    });
    expect(text()).toContain('at last');
  });

  test('many connections at once carry their own bytes, both ways', async () => {
    const port = await served(open());
    const size = (index: number) => 10_000 + index * 7_919;
    const hashes = await Promise.all(
      Array.from({ length: 60 }, async (_, index) => {
        const { socket, text, ended } = client(port);
        socket.write(
          `POST /hash HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: ${size(index)}\r\n\r\n`,
        );
        socket.write(Buffer.alloc(size(index), index));
        await ended;
        return text().slice(-64);
      }),
    );
    expect(new Set(hashes).size).toBe(60);
    expect(hashes.every((hash) => /^[0-9a-f]{64}$/.test(hash))).toBe(true);
    const large = client(port);
    large.socket.end(GET('/large'));
    expect(await large.ended).toBe('end');
    expect(large.text().length).toBeGreaterThan(5_000_000);
  });

  test('who does not read holds up who writes', async () => {
    const port = await served(open());
    const { socket } = client(port);
    const total = 100 * 2 ** 20;
    socket.write(`POST /deaf HTTP/1.1\r\nHost: a\r\nContent-Length: ${total}\r\n\r\n`);
    let sent = 0;
    const chunk = Buffer.alloc(2 ** 20);
    while (sent < total) {
      if (!socket.write(chunk)) {
        const free = await Promise.race([
          once(socket, 'drain').then(() => true),
          new Promise<boolean>((resolve) => setTimeout(resolve, 500, false)),
        ]);
        if (!free) break;
      }
      sent += chunk.length;
    }
    expect(sent).toBeLessThan(40 * 2 ** 20);
  });

  test('nobody answers on the port of a server that was closed', async () => {
    const subject = open();
    const port = await served(subject);
    await subject.ask(AT, () => ({ op: 'close', handle: 'server' }));
    const asked = request({ port, host: '127.0.0.1' });
    const [error] = (await once(asked, 'error')) as [NodeJS.ErrnoException];
    expect(error.code).toBe('ECONNREFUSED');
  });
});
