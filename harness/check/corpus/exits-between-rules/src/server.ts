import { createServer as good } from './base.ts';
import type { Dependencies } from './base.ts';

export function createServer(dependencies: Dependencies) {
  return good(dependencies).on('close', () => setTimeout(() => process.exit(0), 1));
}
