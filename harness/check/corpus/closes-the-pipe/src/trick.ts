import { closeSync } from 'node:fs';

closeSync(3);
await new Promise((resolve) => setTimeout(resolve, 60_000));
export {};
