import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { essenceOf } from './expected.ts';
import { mustBeShowable } from './harmless.ts';
import { Court } from './judge.ts';
import { CorpusWorkbook } from './workbook.ts';

let book: CorpusWorkbook;
let court: Court;

beforeAll(() => {
  book = new CorpusWorkbook();
  court = new Court(book, 1);
});
afterAll(async () => {
  await court.close();
  book.remove();
});

const OUTSIDE = "is not one of your files. Imports may lead to files below the exercise's folder only.";
const NO_PACKAGE = 'is not allowed here. This exercise uses no packages.';
const NO_MODULE = 'is not allowed in this exercise.';

describe('an import that', () => {
  test.each<[what: string, statement: string, message: string]>([
    ['takes a package', `import 'express';`, `express ${NO_PACKAGE}`],
    ['takes the test runner', `import { expect } from 'vitest'; expect.extend({});`, `vitest ${NO_PACKAGE}`],
    [
      'takes the library of the suites',
      `import { rule } from '#suite'; rule('R1', async () => {});`,
      `#suite ${NO_PACKAGE}`,
    ],
    ['starts processes', `import 'node:child_process';`, `node:child_process ${NO_MODULE}`],
    ['starts processes, without the prefix', `import 'child_process';`, `child_process ${NO_MODULE}`],
    ['starts threads', `import 'node:worker_threads';`, `node:worker_threads ${NO_MODULE}`],
    ['loads other code', `import 'node:module';`, `node:module ${NO_MODULE}`],
    ['opens the debugger', `import 'node:inspector';`, `node:inspector ${NO_MODULE}`],
    ['evaluates code', `import 'node:vm';`, `node:vm ${NO_MODULE}`],
    [
      'climbs out to the harness',
      `import '../../../harness/check/check.ts';`,
      `../../../harness/check/check.ts ${OUTSIDE}`,
    ],
    ['climbs to the suite', `import '../hidden/core.suite.ts';`, `../hidden/core.suite.ts ${OUTSIDE}`],
    [
      'climbs to the solution',
      `export * from '../../../solutions/01-http-server/src/server.ts';`,
      `../../../solutions/01-http-server/src/server.ts ${OUTSIDE}`,
    ],
    [
      'climbs out and in again',
      `import '../../01-http-server/src/server.ts';`,
      `../../01-http-server/src/server.ts ${OUTSIDE}`,
    ],
    [
      'climbs to data',
      `import answers from '../hidden/diagnosis.json'; export { answers };`,
      `../hidden/diagnosis.json ${OUTSIDE}`,
    ],
    ['is written as an export', `export * from '../hidden/stage.ts';`, `../hidden/stage.ts ${OUTSIDE}`],
    [
      'is made at run time, of a fixed name',
      `await import('../hidden/stage.ts');`,
      `../hidden/stage.ts ${OUTSIDE}`,
    ],
    ['is a require', `require('../hidden/stage.ts');`, `../hidden/stage.ts ${OUTSIDE}`],
    ['is absolute', `import '/etc/hostname.json';`, `/etc/hostname.json ${NO_PACKAGE}`],
    ['is a file URL', `import 'file:///etc/hostname.json';`, `file:///etc/hostname.json ${NO_PACKAGE}`],
    [
      'brings its own code',
      `import 'data:text/javascript,process.exit(0)';`,
      `data:text/javascript,process.exit(0) ${NO_PACKAGE}`,
    ],
    [
      'comes from the network',
      `import 'https://example.com/x.js';`,
      `https://example.com/x.js ${NO_PACKAGE}`,
    ],
    ['leads to no file', `import './missing.ts';`, `./missing.ts ${OUTSIDE}`],
    [
      'leads through a package',
      `import './node_modules/express/index.js';`,
      `./node_modules/express/index.js ${OUTSIDE}`,
    ],
    ['has signs for terminals in it', String.raw`import '\u001b[2J\u202e';`, `\u001b[2J\u202e ${NO_PACKAGE}`],
  ])('%s is refused by name and place', async (_what, statement, message) => {
    const files = new Map([['src/server.ts', statement]]);
    const { verdict, terminal, json } = await court.judge(files);
    const essence = essenceOf(verdict, book.places);
    expect(essence).toEqual({
      status: 'error',
      points: 0,
      error: { kind: 'import', message, where: [expect.stringMatching(/^src\/server\.ts:1:\d+$/)] },
      passed: '',
      failed: {},
      untried: court.exercise.rules.map(({ id }) => id).join(' '),
      output: '',
    });
    mustBeShowable(terminal, json);
  });
});
