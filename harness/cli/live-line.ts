import { clip } from '../verdict/layout.ts';
import type { Terminal } from './context.ts';

/** A check that is done sooner needs no progress, in milliseconds. */
const QUIET = 1_000;

/** How often the seconds are counted on, in milliseconds. */
const BEAT = 500;

/**
 * One line of progress on a terminal, wiped when the work is done. Nothing where nobody watches. It counts the seconds
 * by itself, so that a program which gives no answer does not look like a workbook that hangs.
 */
export class LiveLine {
  private readonly terminal: Terminal;
  private readonly label: string;
  private readonly begun = performance.now();
  private readonly timer: NodeJS.Timeout | null = null;
  private detail = '';
  /** What stands there now; empty: nothing. */
  private drawn = '';

  constructor(terminal: Terminal, label: string) {
    this.terminal = terminal;
    this.label = label;
    if (!terminal.live) return;
    this.timer = setInterval(() => this.draw(), BEAT);
    this.timer.unref();
    // Ctrl-C ends the process in the middle of a line.
    process.once('exit', this.wipe);
  }

  /** What is being done now; drawn at once when the line is there already. */
  show(detail: string): void {
    this.detail = detail;
    if (this.drawn !== '') this.draw();
  }

  /** Says something that stays, above the line. */
  say(text: string): void {
    this.wipe();
    this.terminal.err(`${text}\n`);
  }

  /** Takes the line away for good. */
  clear(): void {
    if (this.timer !== null) clearInterval(this.timer);
    process.removeListener('exit', this.wipe);
    this.wipe();
  }

  private draw(): void {
    const elapsed = performance.now() - this.begun;
    if (elapsed < QUIET) return;
    const dot = this.terminal.unicode ? '·' : '-';
    const ellipsis = this.terminal.unicode ? '…' : '...';
    const parts = [this.label, this.detail, `${Math.floor(elapsed / 1_000)} s`].filter((part) => part !== '');
    // A line that wraps could not be wiped.
    const text = clip(parts.join(` ${dot} `), this.terminal.columns - 1, ellipsis);
    if (text === this.drawn) return;
    this.terminal.err(`\r\x1b[K${text}`);
    this.drawn = text;
  }

  private readonly wipe = (): void => {
    if (this.drawn !== '') this.terminal.err('\r\x1b[K');
    this.drawn = '';
  };
}
