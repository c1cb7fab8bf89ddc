import { writeSync } from 'node:fs';

const text = Buffer.from(JSON.stringify({ event: 'ready', node: 'v99.0.0' }));
writeSync(3, Buffer.concat([Buffer.from([0, 0, 0, text.length]), text]));
