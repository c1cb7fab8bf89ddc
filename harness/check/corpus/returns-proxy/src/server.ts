import { createServer as good } from './base.ts';
import type { Dependencies } from './base.ts';

export function createServer(dependencies: Dependencies) {
  return new Proxy(good(dependencies), {});
}
