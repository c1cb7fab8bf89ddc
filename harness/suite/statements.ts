import type { HostLine } from './host-line.ts';

/**
 * The statements that a program runs on its databases, seen before they run. What is caught is a piece of their SQL, in
 * any case: a program may write its statements as it likes, so catch what no right program can do without.
 */
export class Statements {
  private readonly line: HostLine;
  private readonly patience: number;

  constructor(line: HostLine, patience: number) {
    this.line = line;
    this.patience = patience;
  }

  /** The program will stand still, its event loop with it, right before the nth statement from now that has this text. */
  async pauseOn(text: string, nth = 1): Promise<void> {
    await this.line.ask({ op: 'trap', text, nth, action: { kind: 'pause' } });
  }

  /** The nth statement from now that has this text will fail with this code of SQLite. */
  async failOn(
    text: string,
    nth: number,
    code: 'SQLITE_FULL' | 'SQLITE_BUSY' | 'SQLITE_IOERR',
  ): Promise<void> {
    await this.line.ask({ op: 'trap', text, nth, action: { kind: 'throw', code } });
  }

  /** The process will be killed right before the nth statement from now that has this text. */
  async killOn(text: string, nth = 1): Promise<void> {
    await this.line.ask({ op: 'trap', text, nth, action: { kind: 'kill' } });
  }

  /** Takes away the traps of this process that have not sprung: work that was shorter than before leaves them armed. */
  async disarm(): Promise<void> {
    await this.line.ask({ op: 'disarm' });
  }

  /** Waits until the program stands still. False: it never came to that statement. */
  async paused(): Promise<boolean> {
    const answer = await this.line.send({ op: 'paused', within: this.patience });
    return answer.kind === 'paused' && answer.stands;
  }

  /** Lets the program go on. */
  async release(): Promise<void> {
    await this.line.send({ op: 'release' });
  }

  /** The SQL of all statements since the rule began. */
  async list(): Promise<string[]> {
    const result = await this.line.ask({ op: 'statements' });
    return result.kind === 'texts' ? result.texts : [];
  }
}
