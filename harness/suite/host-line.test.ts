import { describe, expect, test } from 'vitest';
import type { Death } from '../subject/death.ts';
import { Clock } from './clock.ts';
import { HostLine } from './host-line.ts';
import { playMain } from './testing/line.ts';
import { Died, Unmet } from './unmet.ts';

const AT = { part: 'api', host: 2 };
const DEATH: Death = { cause: 'exited', why: 'it ended itself', error: null };

function line(pace = 1): HostLine {
  return new HostLine(AT, pace);
}

describe('a line to a host', () => {
  test('says which host is meant and gives its answer', async () => {
    const asked = playMain(() => ({
      kind: 'host',
      reply: { kind: 'reply', result: { kind: 'count', count: 3 } },
    }));
    expect(await line().ask({ op: 'connections', handle: 'h' })).toEqual({ kind: 'count', count: 3 });
    expect(asked).toEqual([{ ...AT, op: 'connections', handle: 'h' }]);
  });

  test('ends the rule when the host is dead', async () => {
    playMain(() => ({ kind: 'host', reply: { kind: 'dead', death: DEATH } }));
    await expect(line().ask({ op: 'ping' })).rejects.toMatchObject({ constructor: Died, death: DEATH });
  });

  test('ends the rule as hung when no answer came, and says how long it waited', async () => {
    playMain(() => ({ kind: 'host', reply: { kind: 'late' } }));
    await expect(line(2).ask({ op: 'call', export: 'f', args: '[]', keep: null })).rejects.toMatchObject({
      constructor: Unmet,
      got: 'nothing within 10 seconds',
      sent: 'f(…)',
      reason: 'hung',
    });
  });

  test('settles with one question, and ends the rule when the host has died on the way', async () => {
    let dead = false;
    const asked = playMain(() => ({
      kind: 'host',
      reply: dead ? { kind: 'dead', death: DEATH } : { kind: 'reply', result: { kind: 'count', count: 1 } },
    }));
    await line().settle();
    expect(asked).toEqual([{ ...AT, op: 'settle' }]);
    dead = true;
    await expect(line().settle()).rejects.toMatchObject({ constructor: Died, death: DEATH });
  });

  test('knows the dead from the living', async () => {
    let death: Death | null = null;
    playMain(() => ({ kind: 'death', death }));
    await line().checkAlive();
    death = DEATH;
    const missing = new Unmet({ expected: 'an answer', got: 'none', sent: 'GET /' });
    await expect(line().checkAlive(missing)).rejects.toMatchObject({
      constructor: Died,
      death: DEATH,
      sent: 'GET /',
    });
  });
});

describe('the clock', () => {
  test('that waits for sleepers in vain blames no hang, and says what may be wrong', async () => {
    playMain(() => ({ kind: 'host', reply: { kind: 'late' } }));
    await expect(new Clock(line(), 2_000).waiting(10)).rejects.toMatchObject({
      expected: expect.stringContaining('10 waiting'),
      reason: 'wrong',
      hint: expect.stringContaining('setTimeout'),
    });
  });

  test('that waits for a dead program tells of its death', async () => {
    playMain(() => ({ kind: 'host', reply: { kind: 'dead', death: DEATH } }));
    await expect(new Clock(line(), 2_000).waiting(1)).rejects.toBeInstanceOf(Died);
  });

  test('asks with its patience, and moves', async () => {
    const asked = playMain(() => ({ kind: 'host', reply: { kind: 'reply', result: { kind: 'done' } } }));
    const clock = new Clock(line(), 1_234);
    await clock.waiting(2);
    await clock.advance(300);
    expect(asked).toEqual([
      { ...AT, op: 'waiting', count: 2, within: 1_234 },
      { ...AT, op: 'advance', ms: 300 },
    ]);
  });
});
