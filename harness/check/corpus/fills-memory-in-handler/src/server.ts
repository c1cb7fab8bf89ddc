import { createServer as good } from './base.ts';
import type { Dependencies } from './base.ts';

const all: Buffer[] = [];

export function createServer(dependencies: Dependencies) {
  return good(dependencies).prependListener('request', ({ url }) => {
    if (url !== '/health') return;
    for (let i = 0; i < 32; i++) all.push(Buffer.alloc(64 * 1024 * 1024, i + 1));
  });
}
