import { connect, createServer } from 'node:net';
import type { Socket } from 'node:net';
import { once } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import { saying, tcpServer } from '../suite/testing/servers.ts';
import { Relay } from './relay.ts';

async function open(wanted = 0): Promise<Relay> {
  const opened = await Relay.open(wanted);
  if (!opened.ok) throw new Error(opened.message);
  onTestFinished(() => opened.relay.close());
  return opened.relay;
}

function client(port: number): Socket {
  const socket = connect({ host: '127.0.0.1', port });
  onTestFinished(() => void socket.destroy());
  return socket;
}

async function heard(socket: Socket): Promise<string> {
  let text = '';
  socket.setEncoding('utf8').on('data', (chunk: string) => void (text += chunk));
  socket.on('error', (error: NodeJS.ErrnoException) => void (text += error.code ?? ''));
  await once(socket, 'close').catch(() => {});
  return text;
}

test('joins a client and the program byte by byte', async () => {
  const relay = await open();
  relay.lead(await saying('HTTP/1.1 204 No Content\r\n\r\n'));
  const socket = client(relay.port);
  socket.end('GET / HTTP/1.1\r\n\r\n');
  expect(await heard(socket)).toBe('HTTP/1.1 204 No Content\r\n\r\n');
});

test('a client that has said all hears the answer all the same', async () => {
  const relay = await open();
  relay.lead(
    await tcpServer((socket) => {
      socket.resume();
      socket.on('end', () => socket.end('late'));
    }),
  );
  const socket = client(relay.port);
  socket.end('x');
  expect(await heard(socket)).toBe('late');
});

test('a connection that the program breaks off is broken off', async () => {
  const relay = await open();
  relay.lead(await tcpServer((socket) => socket.once('data', () => socket.resetAndDestroy())));
  const socket = client(relay.port);
  socket.write('x');
  expect(await heard(socket)).toBe('ECONNRESET');
});

test('without a program connections are closed, and with the next one the port is the same', async () => {
  const relay = await open();
  const { port } = relay;
  expect(await heard(client(port))).toBe('');
  relay.lead(await saying('first'));
  const socket = client(port);
  socket.write('x');
  expect(await heard(socket)).toBe('first');
  relay.lead(await saying('second'));
  const next = client(port);
  next.write('x');
  expect(await heard(next)).toBe('second');
  expect(relay.port).toBe(port);
});

test('connections to the program before are dropped', async () => {
  const relay = await open();
  relay.lead(await tcpServer((socket) => socket.write('hello')));
  const socket = client(relay.port);
  await once(socket, 'data');
  relay.lead(null);
  await heard(socket);
  expect(socket.destroyed).toBe(true);
});

test('a port that is taken makes way for the next', async () => {
  const first = await open();
  const second = await open(first.port);
  expect(second.port).not.toBe(first.port);
});

test('a port of the loopback is nobody else’s', async () => {
  const relay = await open();
  const server = createServer();
  server.listen(relay.port, '127.0.0.1');
  const [error] = (await once(server, 'error')) as [NodeJS.ErrnoException];
  expect(error.code).toBe('EADDRINUSE');
});
