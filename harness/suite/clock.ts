import type { HostLine } from './host-line.ts';
import { Unmet } from './unmet.ts';

/** The suite's hold on the clock of a subject. */
export class Clock {
  private readonly line: HostLine;
  private readonly patience: number;

  constructor(line: HostLine, patience: number) {
    this.line = line;
    this.patience = patience;
  }

  /**
   * Waits until `count` sleepers hang on the clock. Ends the rule when they do not come: the program does not wait, or
   * it waits for real time.
   */
  async waiting(count: number): Promise<void> {
    try {
      await this.line.ask({ op: 'waiting', count, within: this.patience });
    } catch (error) {
      if (!(error instanceof Unmet)) throw error;
      throw new Unmet({
        expected: `${count} waiting on clock.sleep(…) at the same time`,
        got: 'fewer',
        cause: 'wrong',
        note: 'The program may wait, but not on the clock it was given (setTimeout and a loop do not move with it).',
      });
    }
  }

  /** Moves the time on; sleepers whose time has come wake one after the other. */
  async advance(ms: number): Promise<void> {
    await this.line.ask({ op: 'advance', ms });
  }
}
