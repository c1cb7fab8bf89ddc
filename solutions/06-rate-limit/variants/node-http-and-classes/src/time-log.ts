/** The times at which something happened within the last `spanMs`, and how many of them there may be. */
export class TimeLog {
  readonly #times: readonly number[];
  readonly #limit: number;
  readonly #spanMs: number;
  readonly #now: number;

  constructor(times: readonly number[] | null, limit: number, spanMs: number, now: number) {
    this.#times = (times ?? []).filter((time) => time + spanMs > now);
    this.#limit = limit;
    this.#spanMs = spanMs;
    this.#now = now;
  }

  get left(): number {
    return Math.max(0, this.#limit - this.#times.length);
  }

  /** Milliseconds until there is a place again. A time of a clock that is ahead counts as now. */
  get waitMs(): number {
    if (this.left > 0) return 0;
    const blocking = this.#times[this.#times.length - this.#limit] ?? this.#now;
    return Math.max(1, Math.min(blocking, this.#now) + this.#spanMs - this.#now);
  }

  withNow(): number[] {
    return [...this.#times, this.#now];
  }
}
