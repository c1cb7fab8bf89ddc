import type { Terminal } from './context.ts';

/** What came of a question: `silent` where nobody can answer. */
export type Consent = 'given' | 'refused' | 'silent';

/** Asks for the word `yes`. Anything else, and the end of the input, is a no. */
export async function askConsent({ ask, err }: Terminal, question: string): Promise<Consent> {
  if (ask === undefined) return 'silent';
  const answer = await ask(`${question} Type yes, or anything else to leave it: `);
  // Ctrl-D leaves the cursor behind the question.
  if (answer === null) err('\n');
  return answer?.trim().toLowerCase() === 'yes' ? 'given' : 'refused';
}
