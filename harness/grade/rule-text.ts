import type { RuleResult, Verdict } from '../verdict/verdict.ts';

/** What a failed rule says, in plain lines. Text of the program is in it: each sink makes it harmless in its own way. */
export function failureLines({ message, cause }: RuleResult): string {
  if (message === null)
    return cause === null || cause === 'wrong' ? 'This rule does not hold.' : CAUSES[cause];
  const { step, sent, expected, got, note, often } = message;
  return [
    cause === null || cause === 'wrong' ? null : CAUSES[cause],
    step === '' ? null : `step: ${step}`,
    sent === null ? null : `sent: ${sent}`,
    `expected: ${expected}`,
    `got: ${got}`,
    note,
    often === null ? null : `this often means: ${often}`,
  ]
    .filter((line) => line !== null)
    .join('\n');
}

/** Why a rule was not tried. */
export function untriedText({ needs }: RuleResult): string {
  return needs.length === 0 ? 'It was not tried.' : `It was not tried: it needs ${needs.join(', ')}.`;
}

/** Why an exercise could not be judged, or a part of it; null: there is nothing to say. */
export function errorText({ error }: Verdict): string | null {
  return error === null ? null : `${HAPPENED[error.kind]}: ${error.message}`;
}

const CAUSES = {
  wrong: '',
  crashed: 'The program crashed.',
  hung: 'The program gave no answer in time.',
  exited: 'The program ended.',
  memory: 'The program took too much memory.',
} as const;

const HAPPENED = {
  files: 'The files could not be read',
  compile: 'There is a syntax error',
  import: 'An import cannot be used',
  load: 'The program did not get through its start',
  export: 'An export is missing',
  harness: 'The workbook itself failed, not the program',
} as const;
