import { createServer as createHttpServer } from 'node:http';

export function createServer() {
  return createHttpServer((request) => request.socket.write(`HTTP/1.1 200 OK\r\nX: ${'x'.repeat(3_000_000)}`));
}
