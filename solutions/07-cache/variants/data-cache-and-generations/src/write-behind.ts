import type { Clock } from './waiting.ts';

export type WriteBehindOptions = {
  save: (key: string, value: unknown) => Promise<unknown>;
  clock: Clock;
  flushMs: number;
};

/** One loop for each key that has something to save: wait, save the newest, and again while there is more. */
export function createWriteBehind({ save, clock, flushMs }: WriteBehindOptions) {
  const newest = new Map<string, { value: unknown; due: number }>();
  const loops = new Map<string, Promise<void>>();
  let closing = false;
  let hurry = (): void => {};
  const hurried = new Promise<void>((resolve) => (hurry = resolve));

  async function loop(key: string): Promise<void> {
    let failedWhileClosing = false;
    for (let wait = newest.get(key); wait !== undefined; wait = newest.get(key)) {
      const slept = clock.sleep(Math.max(0, wait.due - clock.now()));
      await (failedWhileClosing ? slept : Promise.race([slept, hurried]));
      const { value } = newest.get(key) ?? wait;
      newest.delete(key);
      try {
        await save(key, value);
      } catch {
        failedWhileClosing = closing; // then the next try waits, hurry or not
        newest.set(key, { value: (newest.get(key) ?? { value }).value, due: clock.now() + flushMs });
      }
    }
    loops.delete(key);
  }

  return {
    async set(key: string, value: unknown): Promise<void> {
      newest.set(key, { value, due: newest.get(key)?.due ?? clock.now() + flushMs });
      if (!loops.has(key)) loops.set(key, loop(key));
    },
    async close(): Promise<void> {
      closing = true;
      hurry();
      while (loops.size > 0) await Promise.all(loops.values());
    },
  };
}
