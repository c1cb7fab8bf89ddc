import { createServer as createHttpServer } from 'node:http';

export function createServer() {
  return createHttpServer(async (_request, response) => {
    await Promise.resolve();
    response.end(missing());
  });
}

function missing(): string {
  throw new Error('nobody catches this');
}
