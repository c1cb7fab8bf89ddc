import type { Verdict, VerdictError } from '../verdict/verdict.ts';

/** How much a grade tells. `full`: all. `rules`: how each rule ended, and whether the program printed anything. `score`: points alone. */
export const DETAILS = ['full', 'rules', 'score'] as const;
export type Detail = (typeof DETAILS)[number];

/**
 * The verdict with no more in it than `detail` allows. A program that wants to learn what the suite asks can print it, put
 * it into an answer or an error, take its time, or die in one way or another: with less than `full`, none of these is passed on.
 */
export function withDetail(verdict: Verdict, detail: Detail): Verdict {
  if (detail === 'full') return verdict;
  // Whether it printed at all would be an answer as well: yes or no, to one question with each attempt.
  const printed = detail !== 'score' && (verdict.output.text !== '' || verdict.output.truncated);
  const rules = verdict.rules.map((rule) => ({
    ...rule,
    cause: null,
    message: null,
    exchange: null,
    durationMs: 0,
  }));
  return {
    ...verdict,
    rules: detail === 'score' ? [] : rules,
    output: { text: '', truncated: printed },
    error: verdict.error === null ? null : errorWith(verdict.error),
    notes: [],
    seed: 0,
    durationMs: 0,
  };
}

/** What was said before the program ran is the compiler's and ours. What came after that is the program's own, or tells of the suite. */
function errorWith(error: VerdictError): VerdictError {
  switch (error.kind) {
    case 'files':
    case 'compile':
    case 'import':
      return error;
    case 'harness':
      return { kind: 'harness', message: 'The workbook itself failed.', frames: [] };
    case 'load':
      return { kind: 'load', message: 'The program did not get through its start.', frames: [] };
    case 'export':
      return { kind: 'export', message: 'The program does not export what the contract names.', frames: [] };
  }
}
