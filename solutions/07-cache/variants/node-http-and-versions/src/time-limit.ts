/** The time, moved by whoever made it: milliseconds since 1970, and a wait of so many milliseconds. */
export type Clock = { now(): number; sleep(ms: number): Promise<void> };

/** Gives up waiting after a while. What failed and what came too late look the same to the caller. */
export class TimeLimit {
  readonly #clock: Clock;
  readonly #ms: number;

  constructor(clock: Clock, ms: number) {
    this.#clock = clock;
    this.#ms = ms;
  }

  /** What the action brings, or `otherwise` when it fails or takes too long. Never rejects. */
  async of<T, O>(action: () => Promise<T> | T, otherwise: O): Promise<T | O> {
    const attempt = (async (): Promise<T | O> => await action())().catch(() => otherwise);
    return await Promise.race([attempt, this.#clock.sleep(this.#ms).then(() => otherwise)]);
  }
}
