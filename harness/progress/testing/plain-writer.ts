import { writeSync } from 'node:fs';
import { readPlainFile, rewritePlainFile } from './plain-file.ts';

/*
 * Keeps passes in a plain file. It is called like the progress writer and prints the same lines, so that the kill test
 * can be seen to fail on it:
 *
 *   node plain-writer.ts FILE PREFIX COUNT
 */
const [file = '', prefix = '', count = ''] = process.argv.slice(2);
const passes = readPlainFile(file);

for (let number = 0; number < Number(count); number++) {
  const id = `${prefix}-${number}`;
  passes.push(id);
  rewritePlainFile(file, passes);
  writeSync(1, `recorded ${id}\n`);
}
