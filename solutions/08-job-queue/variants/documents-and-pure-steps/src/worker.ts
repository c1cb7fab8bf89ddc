import { randomUUID } from 'node:crypto';
import { claimed, failed, givenBack, renewed, succeeded } from './document.ts';
import type { Document, Retry } from './document.ts';
import { shelfOf } from './queue.ts';
import type { Clock, JobId, Json, Queue } from './queue.ts';

export type Run = { id: JobId; type: string; attempt: number };

export type Handler = (payload: Json, run: Run) => unknown;

export type WorkerOptions = {
  queue: Queue;
  handlers: Record<string, Handler>;
  clock: Clock;
  concurrency: number;
  leaseMs: number;
  pollMs: number;
  retry: Retry;
};

export type Worker = {
  tick(): Promise<number>;
  start(): void;
  stop(options: { graceMs: number }): Promise<void>;
};

type Running = { id: number; holder: string; job: Document; abandon(): void };

/** One loop hands out all places and one loop renews all leases. */
export function createWorker({
  queue,
  handlers,
  clock,
  concurrency,
  leaseMs,
  pollMs,
  retry,
}: WorkerOptions): Worker {
  const shelf = shelfOf(queue);
  const running = new Set<Running>();
  let state: 'new' | 'started' | 'stopped' = 'new';
  let beating = false;
  let wake = () => {};

  /** The next job, or undefined when nothing is due. */
  const claim = (): { id: number; holder: string; job: Document } | undefined => {
    for (;;) {
      const now = clock.now();
      const found = shelf.next(now);
      if (!found) return undefined;
      const holder = randomUUID();
      const job = shelf.change(found.id, claimed(now, holder, leaseMs));
      if (job?.holder === holder) return { id: found.id, holder, job };
    }
  };

  /** Begins with as many jobs as there is room for. A failure after the first is left to the next time. */
  const fill = (): Promise<void>[] => {
    const begun: Promise<void>[] = [];
    while (state !== 'stopped' && running.size < concurrency) {
      try {
        const taken = claim();
        if (!taken) break;
        begun.push(begin(taken));
      } catch (error) {
        if (begun.length === 0) throw error;
        break;
      }
    }
    return begun;
  };

  const begin = ({ id, holder, job }: { id: number; holder: string; job: Document }): Promise<void> =>
    new Promise((resolve, reject) => {
      const one: Running = { id, holder, job, abandon: resolve };
      running.add(one);
      void beat();
      const ended = (step: () => unknown) => {
        if (!running.delete(one)) return; // given back
        try {
          step();
          resolve();
        } catch (error) {
          reject(error as Error);
        }
        wake();
      };
      call(id, job).then(
        () => ended(() => shelf.change(id, succeeded(clock.now(), holder))),
        (thrown: unknown) =>
          ended(() => shelf.change(id, failed(clock.now(), holder, messageOf(thrown), retry, Math.random()))),
      );
    });

  const call = async (id: number, { type, payload, attempts }: Document): Promise<unknown> => {
    const handler = Object.entries(handlers).find(([name]) => name === type)?.[1];
    if (!handler) throw new Error(`no handler: ${type}`);
    return handler(payload, { id, type, attempt: attempts });
  };

  const beat = async (): Promise<void> => {
    if (beating) return;
    beating = true;
    while (running.size > 0) {
      await clock.sleep(leaseMs / 4);
      for (const { id, holder } of running) {
        try {
          shelf.change(id, renewed(clock.now(), holder, leaseMs));
        } catch {
          // a quarter later again
        }
      }
    }
    beating = false;
  };

  const work = async (): Promise<void> => {
    let nap: Promise<void> | undefined;
    while (state === 'started') {
      const woken = new Promise<void>((resolve) => (wake = resolve));
      try {
        for (const run of fill()) run.catch(() => {});
      } catch {
        // looks again after the nap
      }
      nap ??= clock.sleep(pollMs).then(() => (nap = undefined));
      await Promise.race([woken, nap]);
    }
  };

  return {
    async tick() {
      const begun = fill();
      const failure = (await Promise.allSettled(begun)).find((end) => end.status === 'rejected');
      if (failure) throw failure.reason;
      return begun.length;
    },
    start() {
      if (state !== 'new') return;
      state = 'started';
      void work();
    },
    async stop({ graceMs }) {
      state = 'stopped';
      const grace = { over: false };
      if (running.size > 0) void clock.sleep(graceMs).then(() => ((grace.over = true), wake()));
      while (running.size > 0 && !grace.over) await new Promise<void>((resolve) => (wake = resolve));
      for (const one of running) {
        running.delete(one);
        try {
          shelf.change(one.id, givenBack(clock.now(), one.holder));
        } catch {
          // its lease will end
        }
        one.abandon();
      }
    },
  };
}

function messageOf(thrown: unknown): string {
  try {
    const { message } = Object(thrown) as { message?: unknown };
    return typeof message === 'string' ? message : `${thrown as string}`;
  } catch {
    return 'unknown';
  }
}
