import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Assets } from './data.ts';

/** `build`: the folder of the built harness, absolute. */
export function readAssets(build: string): Assets {
  const read = (name: string): string => readFileSync(join(build, 'page', name), 'utf8').trim();
  return { script: read('report.js'), style: read('report.css') };
}
