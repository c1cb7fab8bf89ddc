import { createServer as createHttpServer } from 'node:http';

export function createServer() {
  return createHttpServer(() => {
    const error = new Error('\u001b[2J\n::error::forged\n\u202e');
    error.name = '\u001b[31mRed';
    throw error;
  });
}
