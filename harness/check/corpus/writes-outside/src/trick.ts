import { place } from './place.ts';

import * as fs from 'node:fs';

const ways: (() => unknown)[] = [
  () => fs.writeFileSync(place.marker, 'owned'),
  () => fs.appendFileSync(`/proc/self/root${place.marker}`, 'owned'),
  () => fs.mkdirSync(place.marker),
  () => fs.symlinkSync('/', place.marker),
  () => fs.renameSync(import.meta.filename ?? '', place.marker),
  () => fs.createWriteStream(place.marker).on('error', () => {}).end('owned'),
];
for (const way of ways) {
  try {
    way();
  } catch (error) {
    console.log((error as { code?: string }).code);
  }
}
