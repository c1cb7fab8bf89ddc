import { createServer as createHttpServer } from 'node:http';

export function createServer() {
  return createHttpServer((request) => request.socket.destroy());
}
