// Says a thousand times that somebody called, that it stands still, and that it crashed.
import { writeSync } from 'node:fs';

const error = { name: '\u001b[31mRed', message: '::error::forged', code: null, stack: null };
const events = [
  { event: 'called', name: 'constructor', call: 1, args: '[]' },
  { event: 'paused', sql: 'SELECT 1' },
  { event: 'uncaught', origin: 'nowhere', error },
];
for (const event of events.flatMap((each) => Array.from({ length: 300 }, () => each))) {
  const text = Buffer.from(JSON.stringify(event));
  const head = Buffer.alloc(4);
  head.writeUInt32BE(text.length);
  try {
    writeSync(3, Buffer.concat([head, text]));
  } catch {
    break;
  }
}
