import { createServer as createHttpServer } from 'node:http';

const signs = '\u001b[2J\u001b]0;owned\u0007\r\n::error::forged\n##[error]forged\n\u202e\u2066\u0000\u009b';

export function createServer() {
  return createHttpServer((request) => {
    const head = `HTTP/1.1 200 OK\r\nContent-Type: text/\u0085\u202e; charset=utf-8\r\nAllow: \u202e\u009b31m`;
    const body = Buffer.from(signs);
    request.socket.end(Buffer.concat([Buffer.from(`${head}\r\nContent-Length: ${body.length}\r\n\r\n`), body]));
  });
}
