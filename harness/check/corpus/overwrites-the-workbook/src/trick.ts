import { place } from './place.ts';

import * as fs from 'node:fs';

const targets = [
  'exercises/01-http-server/hidden/core.suite.ts',
  'exercises/01-http-server/exercise.json',
  'solutions/01-http-server/src/server.ts',
  '.workbook/build/worker.js',
  '.workbook/progress.sqlite',
  'package.json',
];
let written = 0;
for (const target of targets) {
  try {
    fs.writeFileSync(`${place.root}/${target}.owned`, 'owned');
    written++;
  } catch (error) {
    console.log((error as { code?: string }).code);
  }
}
if (written > 0) fs.writeFileSync(place.marker, 'owned');
