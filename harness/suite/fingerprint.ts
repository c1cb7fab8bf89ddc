import { createHash } from 'node:crypto';
import type { Trial } from './trial.ts';

/** From the first line of a stack trace on, in plain text, JSON or HTML: which files it names depends on the machine. */
const STACK =
  /(?:\\n|\n|<br>|&nbsp;|\s)+at (?:async )?(?:[\w.$<>[\] ]+ \()?(?:file:|node:|\/|[A-Za-z]:[\\/]).*$/s;

/**
 * What a failure is known by: the rule, the step, the cause, and the answer without what differs from run to run (random
 * words in any case, instants, ports, long numbers, stack traces). Sixteen hex digits.
 */
export function fingerprintOf(trial: Trial, cause: string, got: string): string {
  let answer = got.replace(STACK, '‹stack›');
  for (const word of trial.random.words) answer = answer.replace(new RegExp(word, 'gi'), '‹word›');
  answer = answer.replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?/g, '‹instant›');
  answer = answer.replace(/\d{4,}/g, '‹number›').replace(/workbook-\w+/g, '‹folder›');
  return createHash('sha256')
    .update([trial.rule, trial.step, cause, answer].join('\n'))
    .digest('hex')
    .slice(0, 16);
}
