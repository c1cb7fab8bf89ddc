import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A curl line in a block of code, without the remark behind it. */
const CURL = /^curl\s.*$/m;

/** A remark: interactive zsh takes it for more arguments. */
const REMARK = /\s+# [^'"]*$/;

/** The address that specs write. */
const ADDRESS = /http:\/\/127\.0\.0\.1:\d+/;

/** The first curl line of the exercise's spec, with this address in it; where it has none, one for `/`. */
export function firstLine(folder: string, base: string): string {
  const fallback = `curl -i ${base}/`;
  let spec: string;
  try {
    spec = readFileSync(join(folder, 'README.md'), 'utf8');
  } catch {
    return fallback;
  }
  for (const [, block = ''] of spec.matchAll(/^```sh\n(.*?)^```/gms)) {
    const line = CURL.exec(block)?.[0].replace(REMARK, '').trim();
    if (line !== undefined && ADDRESS.test(line)) return line.replace(ADDRESS, base);
  }
  return fallback;
}
