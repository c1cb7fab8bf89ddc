import type { Clock, JobId, Json, Lease, Queue } from './queue.ts';

export type Run = { id: JobId; type: string; attempt: number };

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

/** One lane for each place. A lane has one job at a time and knows nothing of the others. */
export class Worker {
  readonly #options: WorkerOptions;
  readonly #running = new Map<Lease, Promise<void>>();
  #stopped = false;
  #started = false;

  constructor(options: WorkerOptions) {
    this.#options = options;
  }

  async tick(): Promise<number> {
    const runs = this.#take(Infinity);
    const ended = await Promise.allSettled(runs);
    for (const end of ended) if (end.status === 'rejected') throw end.reason;
    return runs.length;
  }

  start(): void {
    if (this.#started) return;
    this.#started = true;
    for (let lane = 0; lane < this.#options.concurrency; lane++) void this.#lane();
  }

  async stop({ graceMs }: { graceMs: number }): Promise<void> {
    this.#stopped = true;
    if (this.#running.size === 0) return;
    await Promise.race([Promise.allSettled(this.#running.values()), this.#options.clock.sleep(graceMs)]);
    for (const lease of this.#running.keys()) {
      try {
        this.#options.queue.giveBack(lease);
      } catch {
        // It comes back when its lease is over.
      }
    }
    this.#running.clear();
  }

  async #lane(): Promise<void> {
    const { clock, pollMs } = this.#options;
    while (!this.#stopped) {
      try {
        const [run] = this.#take(1);
        await (run ?? clock.sleep(pollMs));
      } catch {
        await clock.sleep(pollMs);
      }
    }
  }

  /** Claims what is due, not more than there is room for, and begins with it. */
  #take(most: number): Promise<void>[] {
    const { queue, concurrency, leaseMs } = this.#options;
    const places = Math.min(most, concurrency - this.#running.size);
    if (this.#stopped || places <= 0) return [];
    return queue.claim(places, leaseMs).map((lease) => {
      const run = this.#run(lease).finally(() => this.#running.delete(lease));
      this.#running.set(lease, run);
      return run;
    });
  }

  async #run(lease: Lease): Promise<void> {
    const { handlers, queue, retry } = this.#options;
    const { id, type, payload, attempt } = lease;
    const over = new AbortController();
    void this.#keep(lease, over.signal);
    let failure: { error: unknown } | undefined;
    try {
      await Promise.resolve(); // so that no handler runs while others are still being begun
      if (!Object.hasOwn(handlers, type)) throw new Error(`There is no handler for ${type}`);
      await handlers[type]?.(payload, { id, type, attempt });
    } catch (error) {
      failure = { error };
    }
    over.abort();
    if (!failure) return queue.finish(lease);
    const most = Math.min(retry.maxMs, retry.baseMs * 2 ** lease.failures);
    queue.fail(lease, said(failure.error), Math.round(most * (1 - Math.random() / 2)));
  }

  /** Renews the lease until the run is over. */
  async #keep(lease: Lease, over: AbortSignal): Promise<void> {
    const { queue, clock, leaseMs } = this.#options;
    for (let mine = true; mine;) {
      await clock.sleep(leaseMs / 3);
      if (over.aborted) return;
      try {
        mine = queue.renew(lease, leaseMs);
      } catch {
        // The next try comes before the lease is over.
      }
    }
  }
}

export function createWorker(options: WorkerOptions): Worker {
  return new Worker(options);
}

/** Somebody may throw anything, even what cannot be made a text. */
function said(thrown: unknown): string {
  try {
    return thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown);
  } catch {
    return 'something that cannot be told';
  }
}
