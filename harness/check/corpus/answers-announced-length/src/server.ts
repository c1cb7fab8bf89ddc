import { createServer as createHttpServer } from 'node:http';

export function createServer() {
  return createHttpServer((request) =>
    request.socket.write('HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 99999999999\r\n\r\n{'),
  );
}
