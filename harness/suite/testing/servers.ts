import { createServer as createHttpServer } from 'node:http';
import type { RequestListener } from 'node:http';
import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** For tests: an HTTP server on a free port of the loopback, closed when the test has finished. */
export async function httpServer(listener: RequestListener): Promise<number> {
  const server = createHttpServer(listener);
  onTestFinished(() => server.closeAllConnections());
  return await portOf(server);
}

/** For tests: a server that speaks for itself, byte by byte. */
export async function tcpServer(onSocket: (socket: Socket) => void): Promise<number> {
  const open = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    open.add(socket);
    socket.on('error', () => {});
    onSocket(socket);
  });
  onTestFinished(() => {
    for (const socket of open) socket.destroy();
  });
  return await portOf(server);
}

/** For tests: answers the first bytes of every connection with this text, and ends it unless `keep`. */
export async function saying(text: string | Buffer, { keep = false } = {}): Promise<number> {
  return await tcpServer((socket) => {
    socket.once('data', () => (keep ? socket.write(text) : socket.end(text)));
    socket.resume();
  });
}

/** For tests: a port of the loopback on which nobody listens. */
export async function closedPort(): Promise<number> {
  const server = createServer();
  const port = await new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function portOf(server: Server): Promise<number> {
  onTestFinished(() => void server.close());
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}
