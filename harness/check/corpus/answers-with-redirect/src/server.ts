import { createServer as createHttpServer } from 'node:http';

export function createServer() {
  return createHttpServer((request, response) => {
    response.writeHead(302, { Location: `http://127.0.0.1:1${request.url ?? ''}` }).end();
  });
}
