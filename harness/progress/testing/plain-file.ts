import { closeSync, existsSync, ftruncateSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs';
import path from 'node:path';

/*
 * How progress is not to be kept: one JSON file, truncated and rewritten in place. Between the truncating and the last
 * byte there is no whole file. A real program spends little time there and loses a file once in a while; this one
 * writes in small, slow pieces and spends nearly all of its time there.
 */
const CHUNK = 1024;
const PAUSE_MS = 2;
/** Makes the file at least 16 chunks long. */
const PADDING = 'x'.repeat(16 * CHUNK);

/** The ids in the file; none when it does not exist. Throws where it is not whole. */
export function readPlainFile(file: string): string[] {
  if (!existsSync(file)) return [];
  const content: unknown = JSON.parse(readFileSync(file, 'utf8'));
  if (
    typeof content === 'object' &&
    content !== null &&
    'passes' in content &&
    Array.isArray(content.passes)
  ) {
    return content.passes.map(String);
  }
  throw new Error(`${file} holds something else`);
}

export function rewritePlainFile(file: string, passes: string[]): void {
  mkdirSync(path.dirname(file), { recursive: true });
  const text = JSON.stringify({ padding: PADDING, passes });
  const descriptor = openSync(file, 'a');
  ftruncateSync(descriptor);
  for (let start = 0; start < text.length; start += CHUNK) {
    writeSync(descriptor, text.slice(start, start + CHUNK));
    // Blocks this process alone; no test waits for it.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS);
  }
  closeSync(descriptor);
}
