import type { Clock } from './clock.ts';

/** Something that the service needs. It resolves when all is well, rejects when it is not, or never settles. */
export type Check = { name: string; check: () => Promise<unknown> };

/** Asks the checks, and waits for none of them longer than `timeoutMs`. */
export class Readiness {
  readonly #checks: readonly Check[];
  readonly #timeoutMs: number;
  readonly #clock: Clock;

  constructor(checks: readonly Check[], timeoutMs: number, clock: Clock) {
    this.#checks = checks;
    this.#timeoutMs = timeoutMs;
    this.#clock = clock;
  }

  /** The names of the checks that did not succeed. It never rejects. */
  async failing(): Promise<string[]> {
    const timeout = this.#clock.sleep(this.#timeoutMs).then(() => false);
    const results = await Promise.all(
      this.#checks.map(async ({ name, check }) => ({
        name,
        well: await Promise.race([ask(check), timeout]),
      })),
    );
    return results.filter(({ well }) => !well).map(({ name }) => name);
  }
}

async function ask(check: Check['check']): Promise<boolean> {
  try {
    await check();
    return true;
  } catch {
    return false;
  }
}
