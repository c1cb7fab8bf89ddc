import { Ledger } from './ledger.ts';
import type { Clock, Store } from './store.ts';
import { TimeLog } from './time-log.ts';

const spanMs = 15 * 60_000;
const mostFailures = 5;

/** Counts the attempts of one account from one address. An attempt is a failure until it turns out to be none. */
export class LoginGuard {
  readonly #clock: Clock;
  readonly #ledger: Ledger<number[]>;

  constructor(store: Store, clock: Clock, account: string, address: string) {
    this.#clock = clock;
    this.#ledger = new Ledger(store, `login ${JSON.stringify([account, address])}`, spanMs);
  }

  /** 0 when the password may be looked at, otherwise the milliseconds to wait. */
  begin(): Promise<number> {
    return this.#ledger.change((times) => {
      const log = new TimeLog(times, mostFailures, spanMs, this.#clock.now());
      return log.left === 0 ? { result: log.waitMs } : { write: log.withNow(), result: 0 };
    });
  }

  succeeded(): Promise<void> {
    return this.#ledger.change(() => ({ write: [], result: undefined }));
  }
}
