import { setImmediate } from 'node:timers/promises';

/** Work goes on no longer than this without a turn of the event loop, in milliseconds. */
const TURN_MS = 20;

/**
 * For long work in one process: what it returns is awaited between pieces of it, and lets timers, a line of progress and
 * Ctrl-C have their turn when one is due.
 */
export function turns(): () => Promise<void> {
  let last = performance.now();
  return async () => {
    if (performance.now() - last < TURN_MS) return;
    await setImmediate();
    last = performance.now();
  };
}
