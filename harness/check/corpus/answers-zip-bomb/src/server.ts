import { createServer as createHttpServer } from 'node:http';
import { gzipSync } from 'node:zlib';

const bomb = gzipSync(Buffer.alloc(100 * 1024 * 1024), { level: 9 });

export function createServer() {
  return createHttpServer((_request, response) => {
    response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Encoding': 'gzip' }).end(bomb);
  });
}
