import { createServer as good } from './base.ts';
import type { Dependencies } from './base.ts';

export async function createServer(dependencies: Dependencies) {
  return await Promise.resolve(good(dependencies));
}
