import type { ShownKey } from './keys.ts';
import type { View } from './session.ts';

/**
 * `redraw`: the screen of a terminal is wiped for each view. `append`: a terminal too, but nothing that was said is taken
 * away, so that a screen reader or a person can go back. `lines`: no terminal; verdicts alone.
 */
export type Mode = 'redraw' | 'append' | 'lines';

export type Paper = {
  out: (text: string) => void;
  /** The width now; a window can be made larger or smaller. */
  columns: () => number;
};

/** To the top left, and everything below it gone; what was scrolled away stays. */
const WIPE = '\u001b[H\u001b[2J';

/** Where a session is seen. */
export class Screen {
  private readonly paper: Paper;
  private readonly mode: Mode;

  constructor(mode: Mode, paper: Paper) {
    this.mode = mode;
    this.paper = paper;
  }

  /** `fresh`: a new verdict; `when`: the time on the clock, for people. */
  show(view: View, fresh: boolean, when: string): void {
    const { out } = this.paper;
    if (this.mode === 'lines' && !fresh && view.judged !== null) return;
    // The whole verdict follows at once: whoever listens is told the outcome, and not all of it twice.
    if (this.mode === 'append' && view.isEarly)
      return out(`${view.text.trimEnd().split('\n').at(-1) ?? ''}\n`);
    const ms = view.judged?.verdict.durationMs;
    const checked =
      ms === undefined || view.isEarly ? [] : [`checked at ${when} in ${(ms / 1000).toFixed(2)} s`];
    const foot =
      this.mode === 'lines'
        ? checked
        : [...checked, ...(view.question === null ? this.keys(view.keys) : [view.question])];
    out(`${this.mode === 'redraw' ? WIPE : '\n'}${view.text}\n${foot.join('\n')}\n`);
  }

  /** A check began. Where nothing is wiped, whoever listens hears that the save was seen. */
  busy(id: string): void {
    if (this.mode === 'append') this.paper.out(`\nChecking ${id}.\n`);
  }

  /** A key and what it does stay on one line. */
  private keys(keys: readonly ShownKey[]): string[] {
    const columns = Math.max(40, this.paper.columns()) - 1;
    const lines: string[] = [];
    for (const { press, label } of keys) {
      const key = `[${press}] ${label}`;
      const last = lines.at(-1);
      if (last === undefined || last.length + 2 + key.length > columns) lines.push(key);
      else lines[lines.length - 1] = `${last}  ${key}`;
    }
    return lines;
  }
}
