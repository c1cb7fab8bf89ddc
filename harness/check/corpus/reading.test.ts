import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { compile } from '../../compile/compile.ts';
import { leak, readCanaries } from '../../verify/canary.ts';
import { testCorpus } from './corpus-tests.ts';
import { READING } from './lists.ts';
import { EXERCISE, subjectFiles } from './subject.ts';
import type { CorpusSubject } from './subject.ts';
import { CorpusWorkbook } from './workbook.ts';

testCorpus(READING);

test('the same program, run without the limits of a host, finds the suite', async () => {
  const book = new CorpusWorkbook();
  onTestFinished(() => book.remove());
  const folder = join(book.root, 'exercises', EXERCISE);
  const files = await subjectFiles(book.root, READING[0] as CorpusSubject);
  const compiled = await compile({ files, entry: 'src/server.ts', packages: [], modules: null, folder });
  const file = join(book.temp, 'subject.mjs');
  writeFileSync(file, compiled.ok ? compiled.text : '');
  expect(leak(await printedBy(file), readCanaries(folder))).not.toBe(null);
});

/** What a program prints. One of its ways of reading may end it early: that does not matter. */
async function printedBy(file: string): Promise<string> {
  const child = spawn(process.execPath, ['--enable-source-maps', file], {
    cwd: dirname(file),
    env: {},
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
  await once(child, 'close');
  return text;
}
