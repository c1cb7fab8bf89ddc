import { Result } from '../framework/result.ts';
import type { Handler } from '../framework/router.ts';

/** The time, as a dependency: milliseconds since 1970, and a wait of so many of them. */
export type Clock = { now(): number; sleep(ms: number): Promise<void> };

/** Liveness, with the time that this server has been there. */
export function health(clock: Clock): Handler {
  const begun = clock.now();
  return () => Result.json({ uptimeMs: clock.now() - begun, status: 'ok', checks: [] });
}

export function time(clock: Clock): Handler {
  return () => {
    const now = clock.now();
    return Result.json({ milliseconds: now, now: new Date(now).toISOString().replace('Z', '+00:00') });
  };
}

export function slow(clock: Clock): Handler {
  return async () => {
    await clock.sleep(300);
    return Result.json({ waitedMs: 300 });
  };
}
