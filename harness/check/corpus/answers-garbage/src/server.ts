import { createServer as createHttpServer } from 'node:http';

export function createServer() {
  return createHttpServer((request) => request.socket.end('\u001b[2J\0\u202e no HTTP here\r\n\r\n'));
}
