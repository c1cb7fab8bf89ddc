import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LEVELS } from '../subject/testing/levels.ts';
import type { Verdict } from '../verdict/verdict.ts';
import type { Engine } from './engine.ts';
import { driverEngine, driverExercise, driverFiles, judgeDriver } from './testing/driver.ts';

/** Parts of kind `program` and `files` through the real engine: see program-drivers/. */
const exercise = driverExercise(
  'program-drivers',
  [
    { name: 'service', kind: 'program', entry: 'src/main.ts' },
    { name: 'pipeline', kind: 'files', entry: 'files/deploy.yml' },
  ],
  8,
  (number) => ({ part: number <= 4 ? 'service' : 'pipeline' }),
);

describe.each(LEVELS)('at isolation level %s', (isolation) => {
  let engine: Engine;
  let verdict: Verdict;

  beforeAll(async () => {
    engine = driverEngine();
    const files = await driverFiles(exercise, ['src/**/*.ts', 'files/**/*.yml']);
    verdict = await judgeDriver(engine, exercise, files, { isolation });
  });

  afterAll(() => engine.close());

  function ruleOf(id: string): Verdict['rules'][number] | undefined {
    return verdict.rules.find((rule) => rule.id === id);
  }

  test.skipIf(process.platform === 'win32')(
    'a program is started, asked, signalled, and started again on the same files',
    () => {
      expect(ruleOf('R1')).toMatchObject({ status: 'passed', message: null });
    },
  );

  test('every rule has a place of its own, and exit codes are seen', () => {
    expect(ruleOf('R2')).toMatchObject({ status: 'passed', message: null });
  });

  test('a program that ends under a request is told as that', () => {
    expect(ruleOf('R3')).toMatchObject({
      status: 'failed',
      cause: 'exited',
      message: { sent: 'GET /die', got: 'it ended itself with exit code 9' },
    });
  });

  test('a program that throws at its start is told as that, with its output and its own lines', () => {
    expect(ruleOf('R4')).toMatchObject({
      status: 'failed',
      message: { got: 'it ended itself with exit code 1' },
    });
    expect(verdict.output.text).toContain('Error: on purpose');
    expect(verdict.output.text).toMatch(/src\/main\.ts:13/);
  });

  test('YAML is read with its lines', () => {
    expect(ruleOf('R5')).toMatchObject({ status: 'passed', message: null });
  });

  test('YAML that cannot be read, or is not there, ends the rule in words', () => {
    expect(ruleOf('R6')).toMatchObject({
      status: 'failed',
      message: { expected: 'YAML in files/broken.yml', got: expect.stringMatching(/^line \d: /) },
    });
    expect(ruleOf('R7')).toMatchObject({ status: 'failed', message: { got: 'no such file' } });
  });

  test('a workflow is read by actionlint, and one that is not there ends the rule in words', () => {
    expect(ruleOf('R8')).toMatchObject({
      status: 'failed',
      message: { expected: 'a workflow in files/none.yml', got: 'no such file' },
    });
  });

  test('the verdict states it', () => {
    expect(verdict.isolation).toBe(isolation);
  });
});
