import { readSync, writeSync } from 'node:fs';
import { openProgress } from '../progress.ts';
import { samplePass } from './sample.ts';

/*
 * Records passes of exercises `<prefix>-0`, `<prefix>-1`, … and prints a line once each is recorded:
 *
 *   node progress-writer.ts FILE PREFIX COUNT LOAD_FROM
 *
 * FILE is the progress file, COUNT the number of passes, LOAD_FROM a file whose node_modules hold better-sqlite3.
 * It prints `ready`, waits for the end of its input, opens the file, and prints `recorded ID` for each pass. Exit code
 * 3, after a line `refused MESSAGE`: the file could not be opened or written.
 */
const [file = '', prefix = '', count = '', loadFrom = ''] = process.argv.slice(2);

writeSync(1, 'ready\n');
waitForEndOfInput();
// On a machine that is busy with other things a writer may wait long for its turn; no test is about that limit.
const opened = openProgress(file, { loadFrom, busyTimeoutMs: 60_000 });
if (!opened.ok) refuse(opened.message);
for (const note of opened.progress.notes) print('note', note);
for (let number = 0; number < Number(count); number++) {
  const id = `${prefix}-${number}`;
  const recorded = opened.progress.recordAttempt(samplePass(id));
  if (!recorded.ok) refuse(recorded.message);
  print('recorded', id);
}

function refuse(message: string): never {
  print('refused', message);
  process.exit(3);
}

function print(word: string, text: string): void {
  writeSync(1, `${word} ${text.replaceAll('\n', ' ')}\n`);
}

function waitForEndOfInput(): void {
  try {
    while (readSync(0, Buffer.alloc(64)) > 0);
  } catch {
    // Windows reports the end of a pipe as an error.
  }
}
