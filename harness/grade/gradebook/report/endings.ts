import type { RuleMessage, RuleResult, Verdict } from '../../../verdict/verdict.ts';
import { errorText } from '../../rule-text.ts';

/** No text of a program that is kept for the report is longer, in UTF-16 units; the verdict has all of it. */
const LONGEST = 1_200;
const LONGEST_OUTPUT = 1_500;

export type Failure = {
  rule: string;
  cause: NonNullable<RuleResult['cause']>;
  message: RuleMessage | null;
};

/** What the report keeps of a verdict: small, since a class has thousands. */
export type Ending = {
  /** Rule → how it ended. */
  rules: Map<string, RuleResult['status']>;
  failures: Failure[];
  /** Why nothing, or not all, could be tried. */
  error: string | null;
  /** The end of what the program printed; only where something failed. */
  output: string;
  cut: boolean;
  notes: string[];
};

export function endingOf(verdict: Verdict): Ending {
  const failures = verdict.rules.filter(({ status }) => status === 'failed');
  const error = errorText(verdict);
  const isWell = failures.length === 0 && error === null;
  const { text, truncated } = verdict.output;
  return {
    rules: new Map(verdict.rules.map(({ id, status }) => [id, status])),
    failures: failures.map(({ id, cause, message }) => ({
      rule: id,
      cause: cause ?? 'wrong',
      message: message === null ? null : cutMessage(message),
    })),
    error: error === null ? null : start(error),
    output: isWell ? '' : text.slice(-LONGEST_OUTPUT),
    cut: !isWell && (truncated || text.length > LONGEST_OUTPUT),
    notes: isWell ? [] : verdict.notes.slice(0, 5).map(start),
  };
}

function cutMessage({ step, sent, expected, got, note, often }: RuleMessage): RuleMessage {
  return {
    step: start(step),
    sent: sent === null ? null : start(sent),
    expected: start(expected),
    got: start(got),
    note: note === null ? null : start(note),
    often: often === null ? null : start(often),
  };
}

/** One sign more than is ever shown, so that the cut is seen and said. */
function start(text: string): string {
  return text.slice(0, LONGEST + 1);
}
