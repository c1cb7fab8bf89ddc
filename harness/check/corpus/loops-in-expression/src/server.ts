import { createServer as good } from './base.ts';
import type { Dependencies } from './base.ts';

export function createServer(dependencies: Dependencies) {
  return good(dependencies).prependListener('request', ({ url }) => {
    // Every letter doubles the work.
    if (url?.startsWith('/hello')) /^(a+)+$/.test(`${'a'.repeat(60)}!`);
  });
}
