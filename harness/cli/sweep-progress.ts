import type { SweepProgress } from '../grade/sweep/sweep.ts';
import type { Terminal } from './context.ts';
import type { LiveLine } from './live-line.ts';

/** How often a line is written where nobody watches, in milliseconds. */
const EVERY = 60_000;

/** How far a sweep is, for a terminal and for a log. */
export class ProgressLine {
  private readonly terminal: Terminal;
  private readonly line: LiveLine;
  private readonly begun = performance.now();
  private last: SweepProgress | null = null;
  private logged = performance.now();

  constructor(terminal: Terminal, line: LiveLine) {
    this.terminal = terminal;
    this.line = line;
  }

  show(progress: SweepProgress): void {
    this.last = progress;
    const text = progressText(progress, performance.now() - this.begun);
    this.line.show(text);
    if (this.terminal.live || performance.now() - this.logged < EVERY) return;
    this.logged = performance.now();
    this.terminal.err(`${text}\n`);
  }

  clear(): void {
    this.line.clear();
  }

  /** What is said when the sweep is ended before its end. */
  stopped(): string {
    const { done = 0, total = 0 } = this.last ?? {};
    return `\nStopped. ${done} of ${total} are done and kept: the same command goes on from here.\n`;
  }
}

/** `12 of 300 · 1.2 a second · 4 min left · 04-jwt of s-3`. `elapsed`: milliseconds. */
export function progressText({ done, total, judged, doing }: SweepProgress, elapsed: number): string {
  const rate = judged / (elapsed / 1_000);
  const left = judged < 2 ? null : (total - done) / rate;
  return [
    `${done} of ${total}`,
    ...(left === null ? [] : [`${rate.toFixed(1)} a second`, `${timeText(left)} left`]),
    ...(doing === '' ? [] : [doing]),
  ].join(' · ');
}

function timeText(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
