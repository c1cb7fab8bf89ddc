import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { expect, test } from 'vitest';
import { migrate } from './format.ts';
import { openProgress } from './progress.ts';
import { insertAttempt } from './record.ts';
import { temporaryFolder } from './testing/folder.ts';
import { samplePass } from './testing/sample.ts';
import { compiled, LOAD_FROM, recordedIds, startWriter, throughTsx } from './testing/writer.ts';

const PROCESSES = 8;
const PASSES_EACH = 10;
const TIME_LIMIT_MS = 120_000;

test(
  'what eight processes record at once all arrives',
  async () => {
    const file = path.join(temporaryFolder(), '.workbook', 'progress.sqlite');
    const recorded = await recordAtOnce(throughTsx('progress-writer'), file);
    expect(idsIn(file)).toEqual(recorded);
  },
  TIME_LIMIT_MS,
);

test.each([
  ['that is no database', (file: string) => writeFileSync(file, 'no database'.repeat(1_000))],
  ['that is damaged in the middle', writeDamagedDatabase],
])(
  'eight processes that find a file %s set it aside once, and lose nothing',
  async (_, writeDamaged) => {
    const folder = temporaryFolder();
    const script = await compiled('progress-writer', folder);
    for (const round of ['first', 'second']) {
      const file = path.join(folder, round, 'progress.sqlite');
      mkdirSync(path.dirname(file));
      writeDamaged(file);
      const bytes = readFileSync(file);
      const recorded = await recordAtOnce(script, file);
      expect(idsIn(file)).toEqual(recorded);
      const aside = readdirSync(path.dirname(file)).filter((name) => name.includes('.damaged-'));
      expect(aside).toHaveLength(1);
      expect(readFileSync(path.join(path.dirname(file), String(aside[0]))).equals(bytes)).toBe(true);
    }
  },
  TIME_LIMIT_MS,
);

function writeDamagedDatabase(file: string): void {
  const db = new BetterSqlite3(file);
  migrate(db);
  db.transaction(() => {
    for (let number = 0; number < 200; number++) insertAttempt(db, samplePass(`old-${number}`));
  })();
  db.close();
  writeFileSync(file, readFileSync(file).fill(0xa7, 9 * 4096, 11 * 4096));
}

/** Starts all writers, lets them go when all are ready, and returns the sorted ids that they said are recorded. */
async function recordAtOnce(script: string[], file: string): Promise<string[]> {
  const writers = Array.from({ length: PROCESSES }, (_, number) =>
    startWriter(process.execPath, [...script, file, `process-${number}`, String(PASSES_EACH), LOAD_FROM], {
      input: 'hold',
    }),
  );
  await Promise.all(writers.map((writer) => writer.first('ready')));
  for (const writer of writers) writer.child.stdin?.end();
  const endings = await Promise.all(writers.map((writer) => writer.ended));
  const failed = endings.filter(({ code }) => code !== 0);
  expect(failed.map(({ lines, stderr }) => [lines.at(-1), stderr])).toEqual([]);
  const recorded = endings.flatMap(({ lines }) => recordedIds(lines)).sort();
  expect(recorded).toHaveLength(PROCESSES * PASSES_EACH);
  return recorded;
}

/** The sorted ids of all passes in a file that opens cleanly. */
function idsIn(file: string): string[] {
  const opened = openProgress(file);
  if (!opened.ok) throw new Error(opened.message);
  const states = opened.progress.states();
  opened.progress.close();
  expect(opened.notes).toEqual([]);
  return [...states].map(([id]) => id).sort();
}
