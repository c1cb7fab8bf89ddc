import type { IncomingMessage, ServerResponse } from 'node:http';

export function createServer() {
  return (_request: IncomingMessage, response: ServerResponse) => {
    response.writeHead(404).end();
  };
}
