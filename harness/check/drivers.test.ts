import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Engine } from './engine.ts';
import { driverEngine, driverExercise, driverFiles, judgeDriver } from './testing/driver.ts';
import { LEVELS } from '../subject/testing/levels.ts';
import type { Verdict } from '../verdict/verdict.ts';

/**
 * Every driver through the real engine: a small program and a suite of its own lie in drivers/. R10 and R12 to R14 are
 * made to fail; all others pass.
 */
const exercise = driverExercise(
  'drivers',
  [
    { name: 'api', kind: 'http', entry: 'src/app.ts', packages: ['express', 'better-sqlite3'] },
    { name: 'queries', kind: 'sql', entry: 'src/schema.sql' },
  ],
  18,
  (number) => ({ part: number <= 10 || number >= 15 ? 'api' : 'queries' }),
);

describe.each(LEVELS)('at isolation level %s', (isolation) => {
  let engine: Engine;
  let verdict: Verdict;

  beforeAll(async () => {
    engine = driverEngine();
    const files = await driverFiles(exercise, ['src/**/*.ts', 'src/**/*.sql']);
    verdict = await judgeDriver(engine, exercise, files, { isolation });
  });

  afterAll(() => engine.close());

  function ruleOf(id: string): Verdict['rules'][number] | undefined {
    return verdict.rules.find((rule) => rule.id === id);
  }

  test.each([
    ['R1', 'a database is read and written from outside while the program has it open'],
    ['R2', 'every rule has databases of its own'],
    ['R3', 'broken tables fail the program, and heal'],
    ['R4', 'a host stands still before a statement while another one works on the same file'],
    ['R5', 'the nth statement fails with the code that is asked for'],
    ['R6', 'a played function records, answers, fails and is held'],
    ['R7', 'the clock moves sleepers and Date alike'],
    ['R8', 'a batch is called in one turn of the event loop'],
    ['R9', 'a dump tells all values, and a lock keeps the program out'],
    ['R15', 'what a program computes is told, and what it waits is not'],
    ['R16', 'a host that is killed comes back on the same files, and knows nothing'],
    ['R17', 'a host that a trap kills in the middle comes back as well'],
    [
      'R18',
      'a connection, an object and plain functions are shared, and calls of several objects come in one turn',
    ],
    ['R11', 'SQL files run by name, with parameters, and constraints answer'],
  ])('%s: %s', (id) => {
    expect(ruleOf(id)?.message).toBeNull();
    expect(ruleOf(id)?.status).toBe('passed');
  });

  test('a process that is killed in the middle of its work is told as that', () => {
    expect(ruleOf('R10')).toMatchObject({
      status: 'failed',
      cause: 'exited',
      message: { got: 'it was ended by the signal SIGKILL' },
    });
  });

  test.each([
    ['R12', 'src/queries/q02.sql is no statement that reads; a query begins with SELECT or WITH'],
    ['R13', 'src/queries/q03.sql uses ATTACH, which is not allowed here'],
    ['R14', 'src/queries/q04.sql is empty'],
  ])('%s: what SQL may not do is said in words', (id, got) => {
    expect(ruleOf(id)).toMatchObject({ status: 'failed', cause: 'wrong', message: { got } });
  });
});
