// A hundred thousand answers to a question that was answered long ago; otherwise it serves well.
import { writeSync } from 'node:fs';
import { createServer as good } from './base.ts';
import type { Dependencies } from './base.ts';

const text = Buffer.from(JSON.stringify({ id: 1, result: { kind: 'count', count: 1 } }));
const head = Buffer.alloc(4);
head.writeUInt32BE(text.length);
const flood = Buffer.concat(Array.from({ length: 100 }, () => Buffer.concat([head, text])));
let left = 1000;
const more = () => {
  if (left-- <= 0) return;
  try {
    for (let sent = 0; sent < flood.length; ) sent += writeSync(3, flood, sent);
    setImmediate(more);
  } catch {
    // The pipe is full: a cut message would break it.
  }
};

export function createServer(dependencies: Dependencies) {
  return good(dependencies);
}
setTimeout(more, 20);
