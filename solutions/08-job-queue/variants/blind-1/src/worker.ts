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

/** A promise, and the function that resolves it. */
class Signal {
  readonly promise: Promise<void>;
  #resolve: () => void = () => {};

  constructor() {
    this.promise = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  give(): void {
    this.#resolve();
  }
}

type Outcome = { ok: true } | { ok: false; message: string };

/** One job while this worker holds it. */
class RunningJob {
  readonly #claim: Claim;
  readonly #options: WorkerOptions;
  readonly #givenBack = new Signal();
  #over = false;

  constructor(claim: Claim, options: WorkerOptions) {
    this.#claim = claim;
    this.#options = options;
  }

  /** Calls the handler and writes down how it ended. Rejects only when that could not be written. */
  async run(): Promise<void> {
    void this.#keepLease();
    const outcome = await Promise.race([this.#handle(), this.#givenBack.promise]);
    if (outcome === undefined || this.#over) return;
    // From here on the lease is not renewed: when nothing can be written, it runs out.
    this.#over = true;
    const { queue } = this.#options;
    if (outcome.ok) queue.complete(this.#claim);
    else queue.fail(this.#claim, outcome.message, this.#delay());
  }

  /** Ends the claim, whatever the handler does. It throws when that could not be written; try again then. */
  giveBack(): void {
    this.#over = true;
    this.#givenBack.give();
    this.#options.queue.release(this.#claim);
  }

  async #handle(): Promise<Outcome> {
    const { id, type, payload, attempt } = this.#claim;
    const { handlers } = this.#options;
    try {
      const handler = Object.hasOwn(handlers, type) ? handlers[type] : undefined;
      if (typeof handler !== 'function') throw new Error(`there is no handler for ${type}`);
      await handler.call(handlers, payload, { id, type, attempt });
      return { ok: true };
    } catch (error) {
      return { ok: false, message: messageOf(error) };
    }
  }

  async #keepLease(): Promise<void> {
    const { clock, leaseMs, queue } = this.#options;
    for (;;) {
      await clock.sleep(Math.max(1, leaseMs / 4));
      if (this.#over) return;
      try {
        if (!queue.renew(this.#claim, leaseMs)) return;
      } catch {
        // The database is busy: the lease holds long enough for the next times.
      }
    }
  }

  /** Half of the delay is certain, half is chance, so that those who failed together do not come back together. */
  #delay(): number {
    const { baseMs, maxMs } = this.#options.retry;
    const most = baseMs <= 0 ? 0 : Math.min(maxMs, baseMs * 2 ** this.#claim.failures);
    return most / 2 + (Math.random() * most) / 2;
  }
}

/** A text for whatever was thrown. */
function messageOf(thrown: unknown): string {
  try {
    if (typeof thrown === 'object' && thrown !== null && 'message' in thrown) return String(thrown.message);
    return String(thrown);
  } catch {
    return 'something was thrown that has no text';
  }
}

export class Worker {
  readonly #options: WorkerOptions;
  readonly #running = new Map<RunningJob, Promise<void>>();
  #freed = new Signal();
  #poll: Promise<void> | null = null;
  #stopped = false;
  #started = false;

  constructor(options: WorkerOptions) {
    this.#options = options;
  }

  /** Claims the jobs that are due, as many as there are free places, and runs them. Comes back when they have ended. */
  async tick(): Promise<number> {
    const runs = this.#fill();
    const results = await Promise.allSettled(runs);
    for (const result of results) if (result.status === 'rejected') throw result.reason;
    return runs.length;
  }

  /** Works until it is stopped. */
  start(): void {
    if (this.#started) return;
    this.#started = true;
    void this.#work();
  }

  /** Claims nothing more, and gives the jobs that run `graceMs` to end. */
  async stop({ graceMs }: { graceMs: number }): Promise<void> {
    this.#stopped = true;
    this.#freed.give();
    const ended = Promise.allSettled(this.#running.values());
    if (this.#running.size > 0) await Promise.race([ended, this.#options.clock.sleep(graceMs)]);

    const left = giveBackAll([...this.#running.keys()]);
    if (left.length === 0) return;
    await this.#options.clock.sleep(this.#options.pollMs / 2);
    // What cannot be given back now either comes back when its lease is over.
    giveBackAll(left);
  }

  async #work(): Promise<void> {
    while (!this.#stopped) {
      this.#freed = new Signal();
      try {
        for (const run of this.#fill()) run.catch(() => {});
      } catch {
        // The database is busy. It is asked again at the latest after pollMs.
      }
      await Promise.race([this.#nextPoll(), this.#freed.promise]);
    }
  }

  /** Fills the free places; what it brings are the runs that began. */
  #fill(): Promise<void>[] {
    if (this.#stopped) return [];
    const { queue, concurrency, leaseMs } = this.#options;
    return queue.claim(concurrency - this.#running.size, leaseMs).map((claim) => {
      const job = new RunningJob(claim, this.#options);
      const run = job.run().finally(() => {
        this.#running.delete(job);
        this.#freed.give();
      });
      this.#running.set(job, run);
      return run;
    });
  }

  /** One wait at a time, however often places become free meanwhile. */
  #nextPoll(): Promise<void> {
    this.#poll ??= this.#options.clock.sleep(this.#options.pollMs).then(() => {
      this.#poll = null;
    });
    return this.#poll;
  }
}

/** Brings the jobs that could not be given back. */
function giveBackAll(jobs: readonly RunningJob[]): RunningJob[] {
  return jobs.filter((job) => {
    try {
      job.giveBack();
      return false;
    } catch {
      return true;
    }
  });
}

export function createWorker(options: WorkerOptions): Worker {
  return new Worker(options);
}
