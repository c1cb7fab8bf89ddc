import { setImmediate } from 'node:timers/promises';
import { inspect } from 'node:util';
import type { Claim, Clock, Json, Queue } from './queue.ts';

/** What a handler is told about the job that it works on. */
export type Run = { id: string; type: string; attempt: number };

/** Does the work of one type of job. */
export type Handler = (payload: Json, run: Run) => unknown;

export type WorkerOptions = {
  queue: Queue;
  handlers: Record<string, Handler>;
  clock: Clock;
  concurrency: number;
  leaseMs: number;
  pollMs: number;
  retry: { baseMs: number; maxMs: number };
};

export type Worker = {
  tick(): Promise<number>;
  start(): void;
  stop(options: { graceMs: number }): Promise<void>;
};

/** A lease is renewed three times as often as it has to be: one renewal may fail, and one may be late. */
const RENEWALS = 3;

export function createWorker(options: WorkerOptions): Worker {
  const { queue, handlers, clock, concurrency, leaseMs, pollMs, retry } = options;
  /** What runs. The promises settle when the end of the run is written down, and reject when it could not be. */
  const places = new Map<Claim, Promise<void>>();
  let state: 'idle' | 'started' | 'stopped' = 'idle';

  /** Claims a job for every free place. */
  function fill(): Promise<void>[] {
    const begun: Promise<void>[] = [];
    while (state !== 'stopped' && places.size < concurrency) {
      const claim = queue.claim(leaseMs);
      if (claim === null) break;
      const ended = run(claim).finally(() => places.delete(claim));
      places.set(claim, ended);
      void ended.then(refill, refill);
      begun.push(ended);
    }
    return begun;
  }

  function tryToFill(): void {
    try {
      void fill();
    } catch {
      // The database is busy. The next look is pollMs away.
    }
  }

  async function refill(): Promise<void> {
    if (state !== 'started') return;
    await setImmediate(); // A thousand jobs that never wait must not keep everything else from running.
    tryToFill();
  }

  async function poll(): Promise<void> {
    while (state === 'started') {
      tryToFill();
      await clock.sleep(pollMs);
    }
  }

  async function run(claim: Claim): Promise<void> {
    const stopRenewing = keepLease(claim);
    try {
      await work(claim);
    } catch (error) {
      queue.fail(claim, messageOf(error), waitAfter(claim.attempt));
      return;
    } finally {
      stopRenewing();
    }
    // Outside of the try: a database that fails here says nothing about the handler. The lease will run out.
    queue.complete(claim);
  }

  async function work({ type, payload, id, attempt }: Claim): Promise<void> {
    // A type is data. Without hasOwn, one that is called "constructor" would find a function.
    const handler = Object.hasOwn(handlers, type) ? handlers[type] : undefined;
    if (handler === undefined) throw new Error(`there is no handler for ${type}`);
    await handler(payload, { id, type, attempt });
  }

  /** Renews the lease until the returned function is called, or until it is lost. */
  function keepLease(claim: Claim): () => void {
    let isOver = false;
    const renew = async (): Promise<void> => {
      for (;;) {
        await clock.sleep(leaseMs / RENEWALS);
        if (isOver) return;
        try {
          if (!queue.renew(claim, leaseMs)) return;
        } catch {
          // Busy. There is time for one more.
        }
      }
    };
    void renew();
    return () => {
      isOver = true;
    };
  }

  /** Half of the wait is sure, so that it grows; half is random, so that what failed together comes back apart. */
  function waitAfter(failures: number): number {
    const full = Math.min(retry.maxMs, retry.baseMs * 2 ** (failures - 1));
    return Math.round(full / 2 + (Math.random() * full) / 2);
  }

  return {
    async tick() {
      const begun = fill();
      const ends = await Promise.allSettled(begun);
      const failed = ends.find((end) => end.status === 'rejected');
      if (failed !== undefined) throw failed.reason;
      return begun.length;
    },
    start() {
      if (state === 'started') return;
      state = 'started';
      void poll();
    },
    async stop({ graceMs }) {
      state = 'stopped';
      await Promise.race([Promise.allSettled(places.values()), clock.sleep(graceMs)]);
      for (const claim of places.keys()) {
        try {
          queue.giveBack(claim);
        } catch {
          // Then its lease runs out.
        }
      }
    },
  };
}

/** Handlers throw what they like. */
function messageOf(thrown: unknown): string {
  if (thrown instanceof Error) return thrown.message;
  return typeof thrown === 'string' ? thrown : inspect(thrown);
}
