import type { Clock, JobId, Json, Queue } from './queue.ts';

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

export function createWorker(options: WorkerOptions): Worker {
  return {
    async tick() {
      // TODO R1: claim a job, call its handler, write down that it is done.
      // TODO R3: claim in one statement. TODO R4: for a time only. TODO R5, R6: what if it fails?
      return 0;
    },
    start() {
      // TODO R8: keep every place busy. A slow job holds up its own place and no other.
    },
    async stop({ graceMs }) {
      // TODO R14
    },
  };
}
