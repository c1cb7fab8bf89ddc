import type { Clock } from './time-limit.ts';

export type WriteBehindOptions = {
  save: (key: string, value: unknown) => Promise<unknown>;
  clock: Clock;
  flushMs: number;
};

type Waiting = { value: unknown; due: number };

/** Writes that wait, each with the moment when it is due, and one timer for the earliest of them. */
export class WriteBehind {
  readonly #options: WriteBehindOptions;
  readonly #waiting = new Map<string, Waiting>();
  readonly #saving = new Set<string>();
  #whenIdle: (() => void)[] = [];
  #timerRuns = false;

  constructor(options: WriteBehindOptions) {
    this.#options = options;
  }

  async set(key: string, value: unknown): Promise<void> {
    const due = this.#waiting.get(key)?.due ?? this.#inAWhile();
    this.#waiting.set(key, { value, due });
    this.#startTimer();
  }

  async close(): Promise<void> {
    for (const waiting of this.#waiting.values()) waiting.due = this.#options.clock.now();
    this.#saveWhatIsDue();
    if (this.#waiting.size + this.#saving.size === 0) return;
    await new Promise<void>((resolve) => this.#whenIdle.push(resolve));
  }

  #inAWhile(): number {
    return this.#options.clock.now() + this.#options.flushMs;
  }

  #startTimer(): void {
    const { clock } = this.#options;
    const dues = [...this.#waiting].flatMap(([key, { due }]) => (this.#saving.has(key) ? [] : [due]));
    if (this.#timerRuns || dues.length === 0) return;
    this.#timerRuns = true;
    void clock.sleep(Math.max(0, Math.min(...dues) - clock.now())).then(() => {
      this.#timerRuns = false;
      this.#saveWhatIsDue();
      this.#startTimer();
    });
  }

  #saveWhatIsDue(): void {
    for (const [key, { due }] of Array.from(this.#waiting)) {
      if (due <= this.#options.clock.now() && !this.#saving.has(key)) void this.#save(key);
    }
  }

  async #save(key: string): Promise<void> {
    const value = this.#waiting.get(key)?.value;
    this.#waiting.delete(key);
    this.#saving.add(key);
    try {
      await this.#options.save(key, value);
    } catch {
      if (!this.#waiting.has(key)) this.#waiting.set(key, { value, due: this.#inAWhile() });
    }
    this.#saving.delete(key);
    this.#saveWhatIsDue();
    this.#startTimer();
    if (this.#waiting.size + this.#saving.size > 0) return;
    const resolvers = this.#whenIdle;
    this.#whenIdle = [];
    for (const resolve of resolvers) resolve();
  }
}
