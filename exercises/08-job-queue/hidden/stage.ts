// canary 3c7e0a51d9b8462f1e5b9a07
import { clock, database, eventually, includes, played, show, Unmet } from '#suite';
import type { CallOutcome, Made, Trial } from '#suite';

export const LEASE = 60_000;
/** Longer than anybody waits for real: a program that polls on real timers comes too late. */
export const POLL = 10_000;
export const RETRY = { baseMs: 10_000, maxMs: 80_000 };
/** What the check stays away from every instant at which something ends or begins. */
export const MARGIN = 1_000;

export type Id = string | number;
export type SeenJob = { id: Id; status: string; attempts: number; runAt: number; lastError: unknown };

type Opening = {
  host?: number;
  /** Left out: a connection of its own to the database that all share. */
  db?: unknown;
  /** By type. Left out: every type in `types` is a played function of its own name. */
  handlers?: unknown;
  types?: readonly string[];
  concurrency?: number;
};

/** Several processes with one queue, and their clocks. */
export class World {
  readonly t: Trial;
  private readonly hosts = new Map<number, number>();
  /** By how much time has moved since the rule began. */
  elapsed = 0;

  constructor(t: Trial) {
    this.t = t;
  }

  get now(): number {
    return this.t.now + this.elapsed;
  }

  /** A process, with its clock at the time of all others. */
  async host(host: number): Promise<void> {
    if (!this.hosts.has(host)) this.hosts.set(host, 0);
    await this.catchUp(host);
  }

  /** The process dies. Its name may be used again, for another one. */
  async kill(host: number): Promise<void> {
    await this.t.kill({ host });
    this.hosts.delete(host);
  }

  /** A trap has killed the process. */
  async died(host: number): Promise<boolean> {
    const dead = await this.t.died({ host });
    if (dead) this.hosts.delete(host);
    return dead;
  }

  /** Time passes on one machine after the other, but for those that are frozen. */
  async pass(ms: number, { frozen = [] }: { frozen?: readonly number[] } = {}): Promise<void> {
    this.elapsed += ms;
    for (const host of this.hosts.keys()) if (!frozen.includes(host)) await this.catchUp(host);
  }

  async open({ host = 1, db, handlers, types = [], concurrency = 1 }: Opening = {}): Promise<Process> {
    await this.host(host);
    const queue = await this.t.make('createQueue', [{ db: db ?? database(), clock: clock() }], { host });
    const given = handlers ?? Object.fromEntries(types.map((type) => [type, played(type)]));
    const worker = await this.worker(queue, { host, handlers: given, concurrency });
    return new Process(this.t, host, queue, worker, given);
  }

  async worker(
    queue: Made,
    { host, handlers, concurrency }: { host: number; handlers: unknown; concurrency: number },
  ): Promise<Made> {
    const options = {
      queue: queue.itself,
      handlers,
      clock: clock(),
      concurrency,
      leaseMs: LEASE,
      pollMs: POLL,
      retry: RETRY,
    };
    return await this.t.make('createWorker', [options], { host });
  }

  private async catchUp(host: number): Promise<void> {
    const behind = this.elapsed - (this.hosts.get(host) ?? 0);
    if (behind > 0) await this.t.clockOf({ host }).advance(behind);
    this.hosts.set(host, this.elapsed);
  }
}

/** One process: a queue and a worker. */
export class Process {
  readonly t: Trial;
  readonly host: number;
  readonly queue: Made;
  readonly worker: Made;
  readonly handlers: unknown;

  constructor(t: Trial, host: number, queue: Made, worker: Made, handlers: unknown) {
    this.t = t;
    this.host = host;
    this.queue = queue;
    this.worker = worker;
    this.handlers = handlers;
  }

  async enqueue(type: string, payload: unknown = null, options?: Record<string, unknown>): Promise<Id> {
    const args = options === undefined ? [type, payload] : [type, payload, options];
    return idOf(await this.queue.call('enqueue', args), this.queue.sent('enqueue', args));
  }

  /** What is known of a job, which has to be there, and to be like this. */
  async job(id: Id, like: Record<string, unknown> = {}): Promise<SeenJob> {
    const outcome = await this.queue.call('get', [id]);
    const job = 'value' in outcome ? outcome.value : null;
    if (isRecord(job) && includes(job, like)) return job as SeenJob;
    const shown = isRecord(job) ? Object.fromEntries(Object.keys(like).map((key) => [key, job[key]])) : null;
    const got = shown === null ? outcomeText(outcome) : show(shown);
    const expected = Object.keys(like).length === 0 ? 'the job' : `a job with ${show(like)}`;
    throw new Unmet({ expected, got, sent: this.queue.sent('get', [id]) });
  }

  /** What a method of the queue has to bring. */
  async must(method: string, args: readonly unknown[], expected: string, holds: (value: unknown) => boolean) {
    const outcome = await this.queue.call(method, args);
    if ('value' in outcome && holds(outcome.value)) return outcome.value;
    throw new Unmet({ expected, got: outcomeText(outcome), sent: this.queue.sent(method, args) });
  }

  /** One look for work, to its end. `claimed`: how many jobs it has to find. */
  async tick(claimed: number | null): Promise<void> {
    await this.ticked(claimed, begun(this.worker.call('tick')));
  }

  /** What a tick that was begun before has to bring. */
  async ticked(claimed: number | null, ticking: Promise<CallOutcome>): Promise<void> {
    const { t } = this;
    // A tick that has claimed what it should not have may wait for a handler that the rule holds.
    if (!(await settles(t, ticking))) {
      const expected = claimed === 0 ? '0: there is nothing to claim' : 'a tick that comes back';
      throw new Unmet({ expected, got: 'it has not come back', sent: this.worker.sent('tick', []) });
    }
    const outcome = await ticking;
    if ('value' in outcome && (claimed === null || outcome.value === claimed)) return;
    throw new Unmet({
      expected: claimed === null ? 'the number of claimed jobs' : `${claimed}`,
      got: outcomeText(outcome),
      sent: this.worker.sent('tick', []),
    });
  }
}

export function idOf(outcome: CallOutcome | undefined, sent: string): Id {
  const expected = 'the id of the job: a text or a number';
  if (outcome !== undefined && 'value' in outcome) {
    const { value, later } = outcome;
    if (later === true) throw new Unmet({ expected, got: 'a promise', sent });
    if ((typeof value === 'string' && value !== '') || typeof value === 'number') return value;
  }
  throw new Unmet({ expected, got: outcome === undefined ? 'nothing' : outcomeText(outcome), sent });
}

export function outcomeText(outcome: CallOutcome): string {
  return 'value' in outcome ? show(outcome.value) : `it threw ${outcome.threw.message}`;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

/** Work that goes on while the rule does something else. A rule that ends before it does not fail a second time by it. */
export function begun<T>(work: Promise<T>): Promise<T> {
  work.catch(() => {});
  return work;
}

/** Ends the rule unless it holds. */
export function must(holds: boolean, expected: string, got: string, sent: string | null = null): void {
  if (!holds) throw new Unmet({ expected, got, sent });
}

export function times(count: number, what = 'call of the handler'): string {
  if (count === 0) return `no ${what}`;
  return count === 1 ? `one ${what}` : `${count} ${what.replace(/^\S+/, '$&s')}`;
}

/** How often a played handler has to have been called so far. */
export function mustCall(t: Trial, name: string, count: number, note: string | null = null): void {
  const { length } = t.play(name).calls;
  must(
    length === count,
    `${times(count)}${note === null ? '' : ` ${note}`}`,
    times(length),
    `jobs of type ${show(name)}`,
  );
}

/** Waits until a condition holds which no clock has to move for. */
export async function soon(t: Trial, holds: () => boolean): Promise<boolean> {
  if (holds()) return true;
  return await eventually(async () => {
    await t.settle();
    return holds();
  }, t.patience / 2);
}

/** Tells whether work that was begun is over by now, with whatever it brought. */
export function overYet(work: Promise<unknown>): () => boolean {
  let isOver = false;
  const end = (): void => {
    isOver = true;
  };
  work.then(end, end);
  return () => isOver;
}

/** Whether work that was begun ends without anything else being done. */
export async function settles(t: Trial, work: Promise<unknown>): Promise<boolean> {
  const ended = work.then(
    () => true,
    () => true,
  );
  const isOver = overYet(work);
  // Most of it ends by itself. Only for what does not, its process is asked whether it is busy or waits.
  const soonOver = eventually(async () => Promise.resolve(isOver()), 100);
  if (await Promise.race([soonOver, ended])) return true;
  return await Promise.race([soon(t, isOver), ended]);
}

/**
 * Sets a trap that pauses a process, and returns a wait. Of two processes that want the same database one may stand still until
 * the other is let go; how long it is given to come there for sure is measured on this machine, as busy as it is now.
 */
export async function pauseOn(
  log: ReturnType<Trial['statements']>,
  nth: number,
): Promise<() => Promise<void>> {
  const before = performance.now();
  await log.pauseOn('', nth);
  const within = Math.min(Math.max(60, 20 * (performance.now() - before)), 1_000);
  return async () => {
    await eventually(async () => Promise.resolve(false), within);
  };
}
