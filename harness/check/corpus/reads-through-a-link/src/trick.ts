import { place } from './place.ts';

import * as fs from 'node:fs';

for (const make of [fs.symlinkSync, fs.linkSync, fs.copyFileSync]) {
  try {
    const own = new URL(`./${make.name}.txt`, import.meta.url);
    (make as (from: string, to: URL) => void)(place.secretFile, own);
    console.log(place.token, fs.readFileSync(own, 'utf8'));
  } catch (error) {
    console.log((error as { code?: string }).code);
  }
}
