import { createServer as createHttpServer } from 'node:http';

process.stdout.write('x'.repeat(100_000));

// Dies at every request, so that every rule needs new hosts.
export function createServer() {
  return createHttpServer(() => process.exit(1));
}
