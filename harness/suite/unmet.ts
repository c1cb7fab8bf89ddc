import type { Exchange } from '../verdict/verdict.ts';
import type { Death } from '../subject/death.ts';

/** A rule is not kept. `expected` and `got` are for the learner: plain words and plain values, never code of a suite. */
export class Unmet extends Error {
  override name = 'Unmet';
  readonly expected: string;
  readonly got: string;
  readonly sent: string | null;
  readonly exchange: Exchange | null;
  readonly reason: 'wrong' | 'hung';
  readonly hint: string | null;

  constructor(what: {
    expected: string;
    got: string;
    sent?: string | null;
    exchange?: Exchange | null;
    cause?: 'wrong' | 'hung';
    note?: string | null;
  }) {
    super(`expected ${what.expected}`);
    this.expected = what.expected;
    this.got = what.got;
    this.sent = what.sent ?? null;
    this.exchange = what.exchange ?? null;
    this.reason = what.cause ?? 'wrong';
    this.hint = what.note ?? null;
  }
}

/** The subject's process died while a rule was talking to it. */
export class Died extends Error {
  override name = 'Died';
  readonly death: Death;
  readonly sent: string | null;
  readonly exchange: Exchange | null;
  constructor(death: Death, sent: string | null = null, exchange: Exchange | null = null) {
    super(death.why);
    this.death = death;
    this.sent = sent;
    this.exchange = exchange;
  }
}

/** The rule cannot be judged with what there is; the harness notes why. */
export class Unjudged extends Error {
  override name = 'Unjudged';
}

/** The part could not be loaded, so its rules cannot be tried. */
export class Unloadable extends Error {
  override name = 'Unloadable';
}
