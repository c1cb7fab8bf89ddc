import { createServer as createHttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createServer as good } from './base.ts';
import type { Dependencies } from './base.ts';

const beside = createHttpServer((_request, response) => response.end('still here')).listen(0, '127.0.0.1', () => {
  console.log(`port ${(beside.address() as AddressInfo).port}`);
});

export function createServer(dependencies: Dependencies) {
  return good(dependencies);
}
