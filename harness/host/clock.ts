/** The real clock; the global name is replaced later. */
const machine = Date;

type Sleeper = { due: number; order: number; wake: () => void };

/** The clock a subject is given: `now` in milliseconds since 1970, `sleep` in milliseconds. */
export type SubjectClock = { now(): number; sleep(ms: number): Promise<void> };

/**
 * A clock that only the suite moves. `Date` reads it too, timers stay real: a program that signs a token
 * with a library reads `Date`, and must not be judged wrong for it.
 */
export class MovedClock {
  private time = 0;
  /** It shows the machine's time, and goes by itself. */
  private flowing = false;
  private order = 0;
  private resets = 0;
  private sleepers: Sleeper[] = [];
  private watchers: { count: number; done: () => void }[] = [];

  /** What the subject holds. Bound, so that `const { sleep } = clock` works too. */
  readonly subject: SubjectClock = {
    now: () => this.now(),
    sleep: (ms) => this.sleep(ms),
  };

  now(): number {
    return this.flowing ? machine.now() : this.time;
  }

  /** From now on it is the machine's: for a person who plays with the program. Who sleeps, sleeps out. */
  flow(): void {
    this.flowing = true;
    const waiting = this.sleepers;
    this.sleepers = [];
    for (const { due, wake } of waiting) setTimeout(wake, timerOf(due - this.time));
  }

  /** Starts over: sleepers and watchers of an earlier rule are forgotten. */
  reset(now: number): void {
    this.resets++;
    this.flowing = false;
    this.time = now;
    this.sleepers = [];
    this.watchers = [];
  }

  /** Resolves when at least `count` sleepers hang on the clock. */
  waiting(count: number): Promise<void> {
    return new Promise((resolve) => {
      this.watchers.push({ count, done: resolve });
      this.notify();
    });
  }

  /**
   * Moves the time on by `ms`. Sleepers wake one after the other at their own instant, and the event loop turns in
   * between, so that a program that sleeps again within the span is woken again.
   */
  async advance(ms: number): Promise<void> {
    const end = this.time + ms;
    const { resets } = this;
    // A program that sleeps for no time at all keeps this going until its rule is over: the next one has a clock of its own.
    while (resets === this.resets) {
      const next = this.nextDue(end);
      if (next === null) break;
      this.sleepers.splice(this.sleepers.indexOf(next), 1);
      this.time = Math.max(this.time, next.due);
      next.wake();
      await turn();
    }
    if (resets === this.resets) this.time = end;
  }

  private sleep(ms: number): Promise<void> {
    const wait = Number.isFinite(ms) && ms > 0 ? ms : 0;
    if (this.flowing) return new Promise((resolve) => setTimeout(resolve, timerOf(wait)));
    return new Promise((resolve) => {
      this.sleepers.push({ due: this.time + wait, order: this.order++, wake: resolve });
      this.notify();
    });
  }

  private notify(): void {
    const reached = this.watchers.filter((watcher) => this.sleepers.length >= watcher.count);
    this.watchers = this.watchers.filter((watcher) => !reached.includes(watcher));
    for (const watcher of reached) watcher.done();
  }

  private nextDue(end: number): Sleeper | null {
    let next: Sleeper | null = null;
    for (const sleeper of this.sleepers) {
      if (sleeper.due > end) continue;
      if (
        next === null ||
        sleeper.due < next.due ||
        (sleeper.due === next.due && sleeper.order < next.order)
      ) {
        next = sleeper;
      }
    }
    return next;
  }
}

/** What a timer can wait for, in milliseconds: beyond it Node waits for no time at all. */
function timerOf(ms: number): number {
  return Math.min(Math.max(ms, 0), 2 ** 31 - 1);
}

/** Two turns of the event loop: promise callbacks and what they schedule at once have run. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
}

/** Replaces the global `Date` by one that reads `clock` where the real one would read the machine's time. */
export function installDate(clock: MovedClock): void {
  const RealDate = Date;
  const moved = new Proxy(RealDate, {
    construct: (target, args: unknown[], newTarget) =>
      Reflect.construct(target, args.length === 0 ? [clock.now()] : args, newTarget) as object,
    apply: () => new RealDate(clock.now()).toString(),
    get: (target, key, receiver) => (key === 'now' ? now : (Reflect.get(target, key, receiver) as unknown)),
  });
  function now(): number {
    return clock.now();
  }
  RealDate.prototype.constructor = moved;
  globalThis.Date = moved;
}
