import { place } from './place.ts';

import * as fs from 'node:fs';

const ways: (() => unknown)[] = [
  () => fs.readFileSync(place.secretFile, 'utf8'),
  () => fs.readFileSync(`/proc/self/root${place.secretFile}`, 'utf8'),
  () => fs.readFileSync(`/proc/${place.judge}/root${place.secretFile}`, 'utf8'),
];
for (const way of ways) {
  try {
    console.log(place.token, way());
  } catch (error) {
    console.log((error as { code?: string }).code);
  }
}
