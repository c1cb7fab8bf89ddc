import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { runJobs } from './crew.ts';
import type { Job } from './crew.ts';

/** A folder in which `text` stands for the worker that a build has. Each subject that it is asked for is noted. */
function buildWith(text: string): { build: string; asked: () => string[] } {
  const build = mkdtempSync(join(tmpdir(), 'workbook-crew-'));
  onTestFinished(() => rmSync(build, { recursive: true, force: true }));
  const notes = join(build, 'asked');
  writeFileSync(notes, '');
  writeFileSync(
    join(build, 'verify-worker.js'),
    `const { appendFileSync } = require('node:fs');
    process.on('message', (job) => {
      appendFileSync(${JSON.stringify(notes)}, job.folder + '\\n');
      ${text}
    });`,
  );
  return { build, asked: () => readFileSync(notes, 'utf8').trim().split('\n') };
}

const jobs = (count: number): Job[] =>
  Array.from({ length: count }, (_, index) => ({
    subject: { exercise: '01-first', name: `mistake-${index}`, folder: `${index}`, files: new Map() },
    seed: 1,
    again: null,
    order: 'building',
    base: null,
  })) as unknown as Job[];

test('every subject is judged once, and what an answer asks for too', async () => {
  const { build, asked } = buildWith(`process.send({ folder: job.folder })`);
  const more = jobs(8).slice(7);
  await runJobs(build, build, jobs(7), { TZ: 'UTC', LANG: 'C' }, (job) =>
    job.subject.name === 'mistake-2' ? more : [],
  );
  expect(asked().toSorted()).toEqual(['0', '1', '2', '3', '4', '5', '6', '7']);
});

test('a worker that ends is named with its subject, at once, and the others end with it', async () => {
  const { build, asked } = buildWith(`if (job.folder === '0') process.exit(3);`);
  const judged = runJobs(build, build, jobs(200), { TZ: 'UTC', LANG: 'C' }, () => []);
  await expect(judged).rejects.toThrow('a worker ended with code 3 while it judged 01-first mistake-0');
  expect(asked().length).toBeLessThan(200);
});
