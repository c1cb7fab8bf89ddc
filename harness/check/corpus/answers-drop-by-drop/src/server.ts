import { createServer as createHttpServer } from 'node:http';

export function createServer() {
  return createHttpServer((_request, response) => {
    response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': 10_000 });
    const drops = setInterval(() => response.write(' '), 20);
    response.on('close', () => clearInterval(drops));
  });
}
