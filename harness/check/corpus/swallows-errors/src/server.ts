import { createServer as createHttpServer } from 'node:http';

process.on('uncaughtException', () => {});
process.on('unhandledRejection', () => {});

export function createServer() {
  return createHttpServer(() => {
    throw new Error('swallowed');
  });
}
