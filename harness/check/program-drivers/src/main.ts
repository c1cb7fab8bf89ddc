import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

// A program that does what the tests of the drivers ask of it.
const [mode] = process.argv.slice(2);
const file = process.env['STATE_FILE'] ?? '';

if (mode === 'fails') {
  console.error('no such mode');
  process.exit(3);
}
if (mode === 'throws') throw new Error('on purpose');

const server = createServer((request, response) => {
  if (request.url === '/die') process.exit(9);
  response.end(JSON.stringify({ again: existsSync(file), secret: process.env['CANARY'] ?? null }));
});
process.on('SIGTERM', () => {
  writeFileSync(file, 'stopped');
  mkdirSync(`${file}-more`);
  writeFileSync(`${file}-more/b`, '');
  writeFileSync(`${file}-more/a`, '');
  console.log(JSON.stringify({ msg: 'stopping' }));
  server.close(() => process.exit(0));
  server.closeIdleConnections();
});
server.listen(Number(process.env['PORT']), '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  console.log(JSON.stringify({ msg: 'listening', port }));
});
