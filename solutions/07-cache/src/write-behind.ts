import type { Clock } from './time.ts';

export type WriteBehind = {
  set(key: string, value: unknown): Promise<void>;
  close(): Promise<void>;
};

type Options = { save: (key: string, value: unknown) => Promise<unknown>; clock: Clock; flushMs: number };

/** Collects writes and saves each key once, its last value. What cannot be saved waits for the next round. */
export function createWriteBehind({ save, clock, flushMs }: Options): WriteBehind {
  const waiting = new Map<string, unknown>();
  let running: Promise<void> | null = null;
  let closed = false;
  let wake = (): void => {};
  const closing = new Promise<void>((resolve) => (wake = resolve));

  /** One round after the other, so two saves of one key never overtake each other. */
  async function run(): Promise<void> {
    await pause();
    while (waiting.size > 0) {
      const failed = await flush();
      if (waiting.size > 0) await pause(failed);
    }
    running = null;
  }

  /** Until the next round. Closing cuts it short, but what has just failed is given its time. */
  async function pause(failed = false): Promise<void> {
    if (!closed) await Promise.race([clock.sleep(flushMs), closing]);
    else if (failed) await clock.sleep(flushMs);
  }

  /** Whether anything has to be tried again. */
  async function flush(): Promise<boolean> {
    const round = [...waiting];
    waiting.clear();
    const results = await Promise.allSettled(round.map(async ([key, value]) => save(key, value)));
    for (const [index, [key, value]] of round.entries()) {
      // A newer value may have come in the meantime: the old one has no business any more.
      if (results[index]?.status === 'rejected' && !waiting.has(key)) waiting.set(key, value);
    }
    return results.some(({ status }) => status === 'rejected');
  }

  return {
    async set(key, value) {
      if (closed) throw new Error('closed: this write would be lost');
      waiting.set(key, value);
      running ??= run();
    },
    async close() {
      closed = true;
      wake();
      await running;
    },
  };
}
