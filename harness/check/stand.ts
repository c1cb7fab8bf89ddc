import type { Death } from '../subject/death.ts';
import type { Standing } from '../suite/link.ts';

/** A rule that is replayed for a person: where it stands still, and who is told. */
export type Stand = {
  rule: string;
  /** The number of the request before which it stands; null: after the last one, when the rule passes. */
  before: number | null;
  /** Without the rules that it needs. */
  alone: boolean;
  /** The clock of the program is the machine's while the rule stands. */
  flows: boolean;
  /**
   * Takes what the program prints, as it comes: from the beginning when the rule is alone, otherwise from the rule's
   * beginning on.
   */
  print: (chunk: Buffer) => void;
  /** The rule stands. It goes on to its end when this promise resolves. */
  reached: (at: Stood) => Promise<void>;
};

/**
 * A rule that stands, seen from here. `clock`: where the program's clock stands, in milliseconds since 1970; null: it goes.
 * `death`: how the program's process ends, when it does.
 */
export type Stood = Standing & { clock: number | null; death: Promise<Death> };
