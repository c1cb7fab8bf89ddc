import type { ErrorFields, HostEvent, PlayedOutcome } from '../message/host.ts';
import { decode, encode } from '../message/plain.ts';
import type { HostLine } from './host-line.ts';

type Call = Extract<HostEvent, { event: 'called' }>;
type Answer = (args: readonly unknown[]) => unknown;
type Held = { line: HostLine; call: number; args: readonly unknown[] };

/** What an error carries besides its message. `fields`: more members, such as `status`. */
export type FailureDetails = { name?: string; code?: string | null; fields?: ErrorFields };

/** A failure of a played function: it rejects with an Error of this name, message and code. */
export class PlayedFailure {
  readonly outcome: PlayedOutcome;
  constructor(message: string, { name = 'Error', code = null, fields = {} }: FailureDetails = {}) {
    this.outcome = { kind: 'error', name, message, code, fields };
  }
}

/**
 * A function of the subject's surroundings (a mailer, a store, a loader), played by the suite: it records every call and
 * answers as it is told to. At first it answers `undefined`.
 */
export class Played {
  readonly name: string;
  /** The arguments of every call so far, in order, as plain data. */
  readonly calls: (readonly unknown[])[] = [];
  private answer: Answer = () => undefined;
  private mode: 'answering' | 'holding' = 'answering';
  private held: Held[] = [];

  constructor(name: string) {
    this.name = name;
  }

  /** From now on every call is answered by this function. Returning a PlayedFailure makes the call reject. */
  answers(answer: Answer): this {
    this.answer = answer;
    return this;
  }

  /** From now on every call rejects. */
  fails(message: string, details: FailureDetails = {}): this {
    return this.answers(() => new PlayedFailure(message, details));
  }

  /** Calls wait until `release`; without one they hang for good. */
  hold(): this {
    this.mode = 'holding';
    return this;
  }

  /** Answers what waits, in the order in which it came, and answers at once from now on. */
  async release(): Promise<void> {
    this.mode = 'answering';
    const waiting = this.held;
    this.held = [];
    for (const { line, call, args } of waiting) await this.reply(line, call, args);
  }

  /** How many calls wait. */
  get waiting(): number {
    return this.held.length;
  }

  /** A call has come. Done by the trial. */
  async called(line: HostLine, { call, args: text }: Call): Promise<void> {
    const decoded = decode(text, { dependencies: false });
    const args = decoded.ok && Array.isArray(decoded.value) ? (decoded.value as unknown[]) : [];
    this.calls.push(args);
    if (this.mode === 'holding') this.held.push({ line, call, args });
    else await this.reply(line, call, args);
  }

  private async reply(line: HostLine, call: number, args: readonly unknown[]): Promise<void> {
    const outcome = this.outcomeFor(args);
    // A host that died meanwhile is the rule's business, not that of a mailer.
    await line.send({ op: 'answer', call, outcome });
  }

  private outcomeFor(args: readonly unknown[]): PlayedOutcome {
    try {
      const value = this.answer(args);
      return value instanceof PlayedFailure ? value.outcome : { kind: 'value', value: encode(value) };
    } catch {
      // A program may call with anything; a suite's function that trips over it is no failure of the harness.
      const message = `${this.name} cannot use the arguments it was called with`;
      return { kind: 'error', name: 'Error', message, code: null };
    }
  }
}
