import { place } from './place.ts';

import * as fs from 'node:fs';

try {
  const stacks = fs.readFileSync(`/proc/${place.victim}/maps`, 'latin1').match(/^.*\[stack\]$/m) ?? [];
  const [from = 0, to = 0] = (stacks[0] ?? '').split(' ')[0]?.split('-').map((each) => parseInt(each, 16)) ?? [];
  const bytes = Buffer.alloc(to - from);
  const file = fs.openSync(`/proc/${place.victim}/mem`, 'r');
  fs.readSync(file, bytes, 0, bytes.length, from);
  console.log(place.token, /nightingale-[0-9a-f-]+/.exec(bytes.toString('latin1'))?.[0]);
} catch (error) {
  console.log((error as { code?: string }).code);
}
