import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Isolation } from '../subject/isolation.ts';
import { LEVELS } from '../subject/testing/levels.ts';
import { RedisServer } from '../probe/redis.ts';
import type { Verdict } from '../verdict/verdict.ts';
import type { Engine } from './engine.ts';
import { build, driverEngine, driverExercise, driverFiles, judgeDriver, root } from './testing/driver.ts';

/** Redis and objects with methods through the real engine: see redis-drivers/. R8 is made to fail; all others pass. */
const NAMES = [
  'keys are read and written from outside',
  'every rule has an empty Redis',
  'the clock by which keys expire is moved',
  'Redis hangs, and goes on when it is healed',
  'Redis answers garbage',
  'Redis is down, and comes back',
  'an object stays in the host and its methods are called, several in one turn too',
];
let engine: Engine;

beforeAll(() => {
  engine = driverEngine();
});

afterAll(() => engine.close());

const exercise = driverExercise(
  'redis-drivers',
  [{ name: 'api', kind: 'http', entry: 'src/app.ts', packages: ['ioredis'] }],
  8,
);

async function judge(redisUrl: string | null, isolation: Isolation = 'permission'): Promise<Verdict> {
  const files = await driverFiles(exercise, ['src/**/*.ts']);
  return await judgeDriver(engine, exercise, files, { isolation, redisUrl });
}

function statusOf(verdict: Verdict, id: string): unknown {
  const { status, message } = verdict.rules.find((rule) => rule.id === id) ?? {};
  return { status, message };
}

describe.each(LEVELS)('the Redis of the harness, at isolation level %s', (isolation) => {
  let verdict: Verdict;
  beforeAll(async () => {
    verdict = await judge(null, isolation);
  });

  test.each(NAMES.map((name, index) => [`R${index + 1}`, name]))('%s: %s', (id) => {
    expect(verdict.error).toBeNull();
    expect(statusOf(verdict, id)).toEqual({ status: 'passed', message: null });
  });

  test('a method that is missing is said', () => {
    expect(statusOf(verdict, 'R8')).toMatchObject({
      status: 'failed',
      message: { got: 'there is no method called subtract', sent: 'createCounter(…).subtract(1)' },
    });
  });
});

test('with a real server everything works but its clock, and the verdict says so', async () => {
  const real = new RedisServer({ root, build, real: null });
  try {
    const begun = await real.begin(0);
    const address = begun.ok ? begun.url : '';
    const verdict = await judge(address);
    const { rules } = verdict;
    expect(rules.map(({ status }) => status)).toEqual([
      'passed',
      'passed',
      'untried',
      'passed',
      'passed',
      'passed',
      'passed',
      'failed',
    ]);
    expect(verdict.notes).toEqual([
      'R3 was not judged: it moves the clock of Redis, and that of the server that REDIS_URL names cannot be moved.',
    ]);
    const client = new Redis(`${address}15`);
    expect(await client.dbsize()).toBe(0);
    client.disconnect();
  } finally {
    await real.end();
  }
});

test.each([
  ['http://example.test', 'REDIS_URL is no address of a Redis'],
  ['redis://127.0.0.1:1', 'The Redis for the check cannot be used'],
])('a real server that is not there (%s) is a failure of the check, in words', async (url, why) => {
  const verdict = await judge(url);
  expect(verdict).toMatchObject({ status: 'error', error: { kind: 'harness' } });
  expect(verdict.error?.message).toContain(why);
  expect(verdict.error?.message).not.toContain('\n');
});
