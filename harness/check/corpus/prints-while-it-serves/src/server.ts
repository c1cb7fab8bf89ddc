import { createServer as good } from './base.ts';
import type { Dependencies } from './base.ts';

// Prints as fast as it can and serves all the same.
const print = () => process.stdout.write('x'.repeat(100_000), () => setImmediate(print));
print();

export function createServer(dependencies: Dependencies) {
  return good(dependencies);
}
