import { createServer as good } from './base.ts';
import type { Dependencies } from './base.ts';

export function createServer(dependencies: Dependencies) {
  return good(dependencies).prependListener('request', ({ url }) => {
    if (url === '/health') for (;;);
  });
}
