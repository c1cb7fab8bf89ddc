import { describe, expect, test } from 'vitest';
import { learnerFrames } from './frames.ts';

const FOLDER = '/srv/exercises/01-http-server';
const PLACE = `${FOLDER}/src/server.ts:12:7`;
const FRAME = { file: 'src/server.ts', line: 12, column: 7, name: null };

function framesOf(...lines: string[]): unknown {
  return learnerFrames(['TypeError: x is not a function', ...lines].join('\n'), FOLDER);
}

describe.skipIf(process.platform === 'win32')('frames of the learner’s files', () => {
  test.each([
    [`    at ${PLACE}`, null],
    [`    at file://${PLACE}`, null],
    [`    at handler (${PLACE})`, 'handler'],
    [`    at handler (file://${PLACE})`, 'handler'],
    [`    at async Server.handler (${PLACE})`, 'async Server.handler'],
    [`    at new Store (${PLACE})`, 'new Store'],
    [`    at Object.get [as value] (${PLACE})`, 'Object.get [as value]'],
    [`    at Array.map (<anonymous>)\n    at f (${PLACE})`, 'f'],
  ])('are found: %s', (line, name) => {
    expect(framesOf(line)).toEqual([{ ...FRAME, name }]);
  });

  test('have names of files as the learner wrote them', () => {
    expect(framesOf(`    at f (${FOLDER}/src/a b/ünd 🦊.ts:1:2)`)).toEqual([
      { file: 'src/a b/ünd 🦊.ts', line: 1, column: 2, name: 'f' },
    ]);
    expect(framesOf(`    at f (file://${FOLDER}/src/a%20b.ts:1:2)`)).toEqual([
      { file: 'src/a b.ts', line: 1, column: 2, name: 'f' },
    ]);
  });

  test.each(['src/100%.ts', 'src/a#b.ts', 'src/50%25.ts', 'src/copy (2).ts'])(
    'have odd names of files as the learner wrote them: %s',
    (file) => {
      expect(framesOf(`    at f (${FOLDER}/${file}:1:2)`)).toEqual([{ file, line: 1, column: 2, name: 'f' }]);
    },
  );

  // Windows names a second download like this.
  test('are found in a folder with brackets in its name', () => {
    const folder = '/workbook (1)/exercises/01';
    expect(
      learnerFrames(`Error: x\n    at f (${folder}/src/a.ts:3:4)\n    at ${folder}/src/b.ts:5:6`, folder),
    ).toEqual([
      { file: 'src/a.ts', line: 3, column: 4, name: 'f' },
      { file: 'src/b.ts', line: 5, column: 6, name: null },
    ]);
  });

  test('leave out everything else', () => {
    expect(
      framesOf(
        '    at node:internal/process/task_queues:95:5',
        '    at Server.emit (node:events:519:28)',
        '    at file:///srv/.workbook/build/host.mjs:1:1',
        `    at f (${FOLDER}-other/src/a.ts:1:1)`,
        `    at f (${FOLDER}/../hidden/core.suite.ts:1:1)`,
        `    at f (file://${FOLDER}/../../hidden/core.suite.ts:1:1)`,
        '    at f (/srv/exercises/01-http-server:1:1)',
        'at the beginning of a line',
        `${PLACE}`,
        `    at ${FOLDER}/src/server.ts`,
        `    at ${FOLDER}/src/server.ts:x:y`,
      ),
    ).toEqual([]);
  });

  test('are the first five', () => {
    const lines = Array.from({ length: 9 }, (_, i) => `    at f${i} (${FOLDER}/src/a.ts:${i + 1}:1)`);
    expect(framesOf(...lines)).toHaveLength(5);
    expect(framesOf(...lines)).toMatchObject([
      { line: 1 },
      { line: 2 },
      { line: 3 },
      { line: 4 },
      { line: 5 },
    ]);
  });

  test('are none without a stack', () => {
    expect(learnerFrames(null, FOLDER)).toEqual([]);
    expect(learnerFrames('', FOLDER)).toEqual([]);
  });
});

describe('a stack that a program made up', () => {
  test.each([
    `    at f (file://${FOLDER}/%zz:1:1)`,
    `    at f (file://${FOLDER}/%2f..%2f..%2fhidden:1:1)`,
    `    at f (file://host${FOLDER}/src/a.ts:1:1)`,
    `    at f (file://%zz/:1:1)`,
    `    at f (${FOLDER}/\0.ts:1:1)`,
    `    at f (${FOLDER}/src/a.ts:99999999999999999999999:1)`,
    `    at f (${FOLDER}/src/a.ts:1:${'9'.repeat(400)})`,
  ])('is never stopped by %j, and gives frames that a verdict can hold', (line) => {
    const frames = learnerFrames(`Error: x\n${line}`, FOLDER);
    for (const { file, line: row, column } of frames) {
      expect([Number.isSafeInteger(row), Number.isSafeInteger(column), file.includes('..')]).toEqual([
        true,
        true,
        false,
      ]);
    }
  });

  test.each([
    ['many opening brackets', 'at '.concat(' (/'.repeat(6_500))],
    ['many colons', `at (/${':1'.repeat(9_900)}x`],
    ['many blanks', `${' '.repeat(19_990)}x`],
    ['brackets and colons', `at ${' (/:1:1'.repeat(2_800)}x`],
  ])('is read in no time: %s', (_, line) => {
    const begun = performance.now();
    learnerFrames(`Error: x\n${line.slice(0, 20_000)}`, FOLDER);
    expect(performance.now() - begun).toBeLessThan(100);
  });
});
