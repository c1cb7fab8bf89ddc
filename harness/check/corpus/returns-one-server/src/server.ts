import { createServer as good } from './base.ts';
import type { Dependencies } from './base.ts';

let only: ReturnType<typeof good> | null = null;

export function createServer(dependencies: Dependencies) {
  only ??= good(dependencies);
  return only;
}
