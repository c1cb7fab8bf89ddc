import { describe, expect, test } from 'vitest';
import { Heartbeat, PING_EVERY } from './heartbeat.ts';

/** A host that never answers its ping, and computes for a share of the time. Gives the milliseconds until it counts as busy. */
function busyAfter(share: number | null, excused = 0): number | null {
  let now = 0;
  const pulse = { now: () => now, computed: () => (share === null ? null : now * share) };
  const heartbeat = new Heartbeat(1, 2_000, () => new Promise(() => {}), pulse);
  for (; now <= 20_000; now += PING_EVERY) if (heartbeat.isBusy(now < excused)) return now;
  return null;
}

describe('a host that does not answer', () => {
  test('is busy after its time when it computes all the while', () => {
    expect(busyAfter(1)).toBe(2_250);
  });

  test('is given up to twice the time when others have the processor', () => {
    expect(busyAfter(0.5)).toBe(3_250);
    expect(busyAfter(0.05)).toBe(4_000);
  });

  test('is busy after its time where nobody tells what it computes', () => {
    expect(busyAfter(null)).toBe(2_250);
  });

  test('is not busy while it may stand still', () => {
    expect(busyAfter(1, 5_000)).toBe(7_000);
  });
});

test('a host that answers is never busy', async () => {
  let now = 0;
  const heartbeat = new Heartbeat(1, 2_000, () => Promise.resolve(), { now: () => now, computed: () => now });
  for (; now <= 20_000; now += PING_EVERY) {
    expect(heartbeat.isBusy(false)).toBe(false);
    await Promise.resolve();
  }
});

test('time in which this process was late itself is not counted', () => {
  let now = 0;
  const heartbeat = new Heartbeat(1, 2_000, () => new Promise(() => {}), {
    now: () => now,
    computed: () => now,
  });
  expect(heartbeat.isBusy(false)).toBe(false);
  now += 10_000;
  expect(heartbeat.isBusy(false)).toBe(false);
});
