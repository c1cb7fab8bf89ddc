// Claims to stand still in a database, so that nobody minds its loop.
import { writeSync } from 'node:fs';

const text = Buffer.from(JSON.stringify({ event: 'paused', sql: 'SELECT 1' }));
writeSync(3, Buffer.concat([Buffer.from([0, 0, 0, text.length]), text]));
for (;;);
