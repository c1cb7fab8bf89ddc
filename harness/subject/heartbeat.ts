import { performance } from 'node:perf_hooks';
import { computedMs } from './computing.ts';

/** How often a host is asked whether it still answers, in milliseconds. */
export const PING_EVERY = 250;

/** When our own timer comes this late, the machine slept or is starved: the host is given another turn. */
const OWN_LAG = 500;

/** Who computed for this share of the time it was given was busy; who got less waits up to so many times as long. */
const BUSY_SHARE = 0.8;
const STARVED = 2;

/** What is known of a process besides its answers. Tests replace it. */
export type Pulse = { now: () => number; computed: (pid: number | undefined) => number | null };

/**
 * Whether the event loop of a host stands still. On a crowded machine a program gets little of the processor and is late
 * without being busy, so what counts is how long it computed, where the system tells it.
 */
export class Heartbeat {
  private readonly pid: number | undefined;
  private readonly stall: number;
  private readonly ping: () => Promise<unknown>;
  private readonly pulse: Pulse;
  private waitingSince: number | null = null;
  private computedThen: number | null = null;
  private lastLook: number;

  /** `stall`: milliseconds. `ping`: settles when the host has answered. */
  constructor(
    pid: number | undefined,
    stall: number,
    ping: () => Promise<unknown>,
    pulse: Pulse = { now: () => performance.now(), computed: computedMs },
  ) {
    this.pid = pid;
    this.stall = stall;
    this.ping = ping;
    this.pulse = pulse;
    this.lastLook = pulse.now();
  }

  /** Called every `PING_EVERY`. `isExcused`: it may stand still just now. */
  isBusy(isExcused: boolean): boolean {
    const now = this.pulse.now();
    const lag = now - this.lastLook - PING_EVERY;
    this.lastLook = now;
    if (this.waitingSince === null) {
      this.begin(now);
      void this.ping().then(() => (this.waitingSince = null));
      return false;
    }
    // We may be late ourselves.
    if (lag > OWN_LAG || isExcused) this.begin(now);
    const waited = now - (this.waitingSince ?? now);
    return waited > this.stall && !this.isStarved(waited);
  }

  private begin(now: number): void {
    this.waitingSince = now;
    this.computedThen = this.pulse.computed(this.pid);
  }

  private isStarved(waited: number): boolean {
    const computed = this.pulse.computed(this.pid);
    if (computed === null || this.computedThen === null) return false;
    return computed - this.computedThen < this.stall * BUSY_SHARE && waited < this.stall * STARVED;
  }
}
