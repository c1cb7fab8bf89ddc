// Blocks the event loop in a handler, and answers the watch from inside its loop.
import { readSync, writeSync } from 'node:fs';
import { createServer as good } from './base.ts';
import type { Dependencies } from './base.ts';

export function createServer(dependencies: Dependencies) {
  return good(dependencies).prependListener('request', () => {
    const bytes = Buffer.alloc(65_536);
    for (;;) {
      try {
        const questions = bytes.toString('latin1', 0, readSync(3, bytes));
        for (const [, id] of questions.matchAll(/"id":(\d+),"op":"ping"/g)) {
          const text = Buffer.from(JSON.stringify({ id: Number(id), result: { kind: 'count', count: 1 } }));
          writeSync(3, Buffer.concat([Buffer.from([0, 0, 0, text.length]), text]));
        }
      } catch {
        // Nothing was asked yet.
      }
    }
  });
}
