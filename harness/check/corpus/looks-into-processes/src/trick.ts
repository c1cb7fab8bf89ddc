import { place } from './place.ts';

import * as fs from 'node:fs';

for (const pid of [place.victim, place.judge]) {
  for (const file of ['environ', 'cmdline', 'maps']) {
    try {
      console.log(place.token, fs.readFileSync(`/proc/${pid}/${file}`, 'latin1'));
    } catch (error) {
      console.log((error as { code?: string }).code);
    }
  }
}
