import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { Crew } from './crew.ts';
import type { Task, TaskDone } from './crew.ts';

const TASK: Task = { rules: ['R1'], subject: { kind: 'plain' }, seed: 1, pace: 1, withinMs: 1_000 };
const DONE: TaskDone = { endless: false, results: [], error: null, isOurs: false, sources: [], ms: 1 };

const cleanUps: (() => void)[] = [];
afterEach(() => {
  for (const cleanUp of cleanUps.splice(0)) cleanUp();
});

/** A crew of one, whose worker gives these answers one after the other. */
function crewThatAnswers(...answers: readonly TaskDone[]): Crew {
  const build = mkdtempSync(join(tmpdir(), 'workbook-crew-'));
  writeFileSync(join(build, 'package.json'), '{"type":"module"}');
  writeFileSync(
    join(build, 'mutate-worker.js'),
    `const answers = ${JSON.stringify(answers)}; process.on('message', () => process.send(answers.shift()));`,
  );
  const crew = new Crew(build, build, 1);
  cleanUps.push(() => {
    crew.end();
    rmSync(build, { recursive: true, force: true });
  });
  return crew;
}

test.each([
  ['took too long', { ...DONE, endless: true }],
  ['went wrong on our side', { ...DONE, isOurs: true }],
])('what %s is tried once more, and the second time counts', async (_what, first) => {
  const crew = crewThatAnswers(first, { ...DONE, ms: 2 }, { ...DONE, ms: 3 });
  const ends: [string, TaskDone][] = [];
  await crew.each(
    ['one', 'two'],
    () => TASK,
    (item, done) => ends.push([item, done]),
  );
  expect(ends).toEqual([
    ['one', { ...DONE, ms: 2 }],
    ['two', { ...DONE, ms: 3 }],
  ]);
});

test('what never ends is tried twice, and no more', async () => {
  const endless = { ...DONE, endless: true };
  const crew = crewThatAnswers(endless, endless, DONE);
  const ends: TaskDone[] = [];
  await crew.each(
    ['one', 'two'],
    () => TASK,
    (_item, done) => ends.push(done),
  );
  expect(ends).toEqual([endless, DONE]);
});
