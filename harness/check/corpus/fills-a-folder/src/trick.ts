import { place } from './place.ts';

import * as fs from 'node:fs';

try {
  fs.mkdirSync(place.marker);
  for (let index = 0; index < 500; index++) fs.writeFileSync(`${place.marker}/${index}`, '');
} catch (error) {
  console.log((error as { code?: string }).code);
}
