import type { Claim, Clock, JobId, Json, Queue } from './queue.ts';

/** What a handler is told about the job that it works on. */
export type Run = {
  id: JobId;
  type: string;
  /** 1 for the first run of the job, 2 for the second … */
  attempt: number;
};

/** Does the work of one type of job. It may also throw at once, or return no promise. */
export type Handler = (payload: Json, run: Run) => unknown;

export type WorkerOptions = {
  queue: Queue;
  handlers: Record<string, Handler>;
  clock: Clock;
  /** How many jobs this worker runs at the same time, at most. */
  concurrency: number;
  /** How long a job belongs to a worker that gives no sign of life. */
  leaseMs: number;
  /** How long `start` waits when there was nothing to do. */
  pollMs: number;
  retry: { baseMs: number; maxMs: number };
};

export type Worker = {
  /** Claims the jobs that are due, as many as there are free places, and runs them. Comes back when they have ended. */
  tick(): Promise<number>;
  /** Works until it is stopped. */
  start(): void;
  /** Claims nothing more, and gives the jobs that run `graceMs` to end. */
  stop(options: { graceMs: number }): Promise<void>;
};

/** A text for whatever was thrown. Even a message may be something that throws when it is read. */
function textOf(thrown: unknown): string {
  try {
    const message = (thrown as { message?: unknown } | null | undefined)?.message;
    return message === undefined ? String(thrown) : String(message);
  } catch {
    return 'a value that cannot be shown';
  }
}

export function createWorker(options: WorkerOptions): Worker {
  const { handlers, clock, concurrency, leaseMs, pollMs, retry } = options;
  const { claims } = options.queue;
  /** The places that are taken, by token. The function frees it, for a `stop` that does not wait any longer. */
  const running = new Map<string, () => void>();
  /** Who waits until every place is free. */
  let waiting: (() => void)[] = [];
  let started = false;
  let stopping = false;
  let renewing = false;

  /** From half of the delay to all of it, so that jobs that failed together do not come back together. */
  function waitMs(failures: number): number {
    const delay = Math.min(retry.maxMs, retry.baseMs * 2 ** Math.min(failures - 1, 100));
    return delay / 2 + (Math.random() * delay) / 2;
  }

  async function work({ id, type, payload, attempt, token }: Claim): Promise<void> {
    try {
      const handler = Object.hasOwn(handlers, type) ? handlers[type] : undefined;
      if (typeof handler !== 'function') throw new Error(`there is no handler for ${type}`);
      await handler.call(handlers, payload, { id, type, attempt });
    } catch (error) {
      claims.fail(token, textOf(error), waitMs);
      return;
    }
    claims.succeed(token);
  }

  /** A promise that settles when the job has ended, or was given back. */
  async function run(claim: Claim, givenBack: Promise<void>): Promise<void> {
    try {
      await Promise.race([work(claim), givenBack]);
    } finally {
      running.delete(claim.token);
      if (running.size === 0) {
        for (const tell of waiting) tell();
        waiting = [];
      }
      if (started && !stopping) setImmediate(fill);
    }
  }

  /** Claims for the free places, at once, and begins. Throws when the database does. */
  function begin(): Promise<void>[] {
    const free = concurrency - running.size;
    if (stopping || free < 1) return [];
    const taken = claims.take(free, leaseMs).map((claim) => {
      const givenBack = new Promise<void>((resolve) => running.set(claim.token, resolve));
      return { claim, givenBack };
    });
    if (taken.length > 0) void renew();
    return taken.map(({ claim, givenBack }) => run(claim, givenBack));
  }

  /** As long as something runs. A third of the lease leaves time for a second try. */
  async function renew(): Promise<void> {
    if (renewing) return;
    renewing = true;
    let wait = leaseMs / 3;
    while (running.size > 0) {
      await clock.sleep(wait);
      wait = leaseMs / 3;
      for (const token of running.keys()) {
        try {
          claims.renew(token, leaseMs);
        } catch {
          wait = leaseMs / 12; // the database is busy
        }
      }
    }
    renewing = false;
  }

  function fill(): void {
    try {
      // What could not be written down runs again when its lease is over.
      for (const ended of begin()) ended.catch(() => {});
    } catch {
      // The database is busy. The next look is pollMs away.
    }
  }

  async function poll(): Promise<void> {
    while (!stopping) {
      fill();
      await clock.sleep(pollMs);
    }
  }

  return {
    async tick() {
      const runs = begin();
      const failed = (await Promise.allSettled(runs)).find((result) => result.status === 'rejected');
      if (failed !== undefined) throw failed.reason;
      return runs.length;
    },
    start() {
      if (started) return;
      started = true;
      void poll();
    },
    async stop({ graceMs }) {
      stopping = true;
      if (running.size > 0 && graceMs > 0) await Promise.race([new Promise<void>((resolve) => waiting.push(resolve)), clock.sleep(graceMs)]);
      const late = [...running];
      if (late.length === 0) return;
      try {
        claims.giveBack(late.map(([token]) => token));
      } finally {
        for (const [token, free] of late) {
          running.delete(token);
          free();
        }
      }
    },
  };
}
