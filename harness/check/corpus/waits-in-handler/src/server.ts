import { createServer as good } from './base.ts';
import type { Dependencies } from './base.ts';

export function createServer(dependencies: Dependencies) {
  return good(dependencies).prependListener('request', () => {
    // Sleeps, and lets nobody else run.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  });
}
