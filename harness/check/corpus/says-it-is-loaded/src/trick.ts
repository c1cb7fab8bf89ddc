// Claims exports that are not there, before the truth arrives.
import { writeSync } from 'node:fs';

const exports = { createServer: 'function', parseRequest: 'function' };
for (const id of [1, 2]) {
  const text = Buffer.from(JSON.stringify({ id, result: id === 1 ? { kind: 'count', count: 1 } : { kind: 'loaded', exports } }));
  const head = Buffer.alloc(4);
  head.writeUInt32BE(text.length);
  writeSync(3, Buffer.concat([head, text]));
}
