import { createServer as createHttpServer } from 'node:http';

export function createServer() {
  return createHttpServer((_request, response) => {
    response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': 100 });
    response.write('{"status":"ok"', () => process.exit(0));
  });
}
