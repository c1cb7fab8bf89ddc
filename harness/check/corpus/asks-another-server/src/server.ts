import { createServer as createHttpServer, request as ask } from 'node:http';
import { place } from './place.ts';

// Passes every request on to a server that is right, and every answer back.
export function createServer() {
  return createHttpServer((request, response) => {
    const { url = '/', method = 'GET', headers } = request;
    const onward = ask({ host: '127.0.0.1', port: place.right, path: url, method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(response);
    });
    onward.on('error', () => response.destroy());
    request.pipe(onward);
  });
}
