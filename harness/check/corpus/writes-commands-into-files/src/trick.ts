import { place } from './place.ts';

import * as fs from 'node:fs';

for (const name of ['GITHUB_ENV', 'GITHUB_OUTPUT', 'GITHUB_PATH', 'GITHUB_STEP_SUMMARY']) {
  try {
    fs.appendFileSync(process.env[name] ?? place.marker, `owned=${place.token}\n`);
  } catch (error) {
    console.log((error as { code?: string }).code);
  }
}
