import { StringDecoder } from 'node:string_decoder';
import { neutralise } from '../verdict/neutralise.ts';

/** A line that is not finished is shown after this time, in milliseconds. */
const SHOWN_AFTER = 100;

/** A line longer than this, in characters, is shown in pieces. */
const LINE_LIMIT = 4_000;

/**
 * What a program prints, on its way to the terminal: line by line behind a bar, so that it is told from the words of the
 * workbook, and harmless.
 */
export class Printed {
  private readonly write: (text: string) => void;
  private readonly lead: string;
  private decoder = new StringDecoder('utf8');
  private waiting = '';
  private timer: NodeJS.Timeout | null = null;

  /** `lead`: stands before each line. */
  constructor(write: (text: string) => void, lead: string) {
    this.write = write;
    this.lead = lead;
  }

  add(chunk: Buffer): void {
    this.stopTimer();
    this.waiting += this.decoder.write(chunk);
    const lines = this.waiting.split('\n');
    this.waiting = lines.pop() ?? '';
    for (const line of lines) this.show(line);
    if (this.waiting.length > LINE_LIMIT) this.showWaiting();
    if (this.waiting !== '') this.timer = setTimeout(() => this.showWaiting(), SHOWN_AFTER).unref();
  }

  /** Shows what is left: the program has ended, or something else is about to be said. */
  flush(): void {
    this.stopTimer();
    this.waiting += this.decoder.end();
    this.decoder = new StringDecoder('utf8');
    this.showWaiting();
  }

  private showWaiting(): void {
    if (this.waiting === '') return;
    const text = this.waiting;
    this.waiting = '';
    this.show(text);
  }

  private show(line: string): void {
    const text = neutralise(line.replace(/\r$/, ''), { maxLines: 1, maxChars: LINE_LIMIT * 2 });
    this.write(`${this.lead}${text}\n`);
  }

  private stopTimer(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
  }
}
