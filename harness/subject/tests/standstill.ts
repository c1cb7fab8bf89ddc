/** How often a run of tests is looked at, in milliseconds. */
export const LOOK_EVERY = 250;

/** In milliseconds. `silence`: without a move. `whole`: in all. `wall`: in all, however crowded the machine is. */
export type RunLimits = { silence: number; whole: number; wall: number };

/** Why a run is ended from outside. */
export type Overdue = 'silence' | 'whole';

/**
 * Whether a run of tests has come to a standstill, or takes too long. Time counts only while both processes answer: on a
 * crowded machine they wait for the processor, and that is nobody's fault. One that computes and does not answer is the
 * business of its heartbeat.
 */
export class Standstill {
  private readonly limits: RunLimits;
  private readonly start: number;
  private last: number;
  private served = 0;
  private silent = 0;

  /** `now`: milliseconds on any clock that does not jump. */
  constructor(limits: RunLimits, now: number) {
    this.limits = limits;
    this.start = now;
    this.last = now;
  }

  /** A test ended, or one side asked the other something. */
  moved(): void {
    this.silent = 0;
  }

  /** Called every `LOOK_EVERY`, or later. `isAnswered`: both processes have answered since the last look. */
  look(now: number, isAnswered: boolean): Overdue | null {
    // Who looks late was starved himself: what the others got meanwhile is unknown.
    const passed = isAnswered ? Math.min(now - this.last, LOOK_EVERY) : 0;
    this.last = now;
    this.served += passed;
    this.silent += passed;
    if (this.silent >= this.limits.silence) return 'silence';
    return this.served >= this.limits.whole || now - this.start >= this.limits.wall ? 'whole' : null;
  }
}
