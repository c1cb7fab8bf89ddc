import { createServer as good } from './base.ts';
import type { Dependencies } from './base.ts';

// Two megabytes of "100 Continue", and never an answer; to raw connections too.
const flood = 'HTTP/1.1 100 \r\n\r\n'.repeat(120_000);

export function createServer(dependencies: Dependencies) {
  return good(dependencies).prependListener('request', ({ socket, url, method }, response) => {
    if (!url?.startsWith('/files/..') && method !== 'HEAD') return;
    response.end = () => response;
    response.writeHead = () => response;
    socket.write(flood);
  });
}
