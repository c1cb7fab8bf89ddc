// Answers to two hundred questions, most of which nobody has asked yet.
import { writeSync } from 'node:fs';

const exports = { createServer: 'function', parseRequest: 'function' };
const value = JSON.stringify({ ok: true });
const shape = { type: '[object Object]', server: true, callable: true, listening: true };
for (let id = 1; id <= 200; id++) {
  for (const result of [
    { kind: 'loaded', exports },
    { kind: 'value', value },
    { kind: 'kept', shape },
    { kind: 'port', port: 80 },
    { kind: 'done' },
  ]) {
    const text = Buffer.from(JSON.stringify({ id, result }));
    const head = Buffer.alloc(4);
    head.writeUInt32BE(text.length);
    for (const descriptor of [3, 4]) {
      try {
        writeSync(descriptor, Buffer.concat([head, text]));
      } catch {
        // It takes no more.
      }
    }
  }
}
