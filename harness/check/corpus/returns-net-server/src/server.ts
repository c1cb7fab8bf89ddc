import { createServer as createTcpServer } from 'node:net';

export function createServer() {
  return createTcpServer((socket) => socket.end('hello'));
}
