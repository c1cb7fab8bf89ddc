import { checkedIn } from '../check/corpus/expected.ts';
import type { CorpusSubject } from '../check/corpus/subject.ts';
import { leak } from '../verify/canary.ts';
import type { Canaries } from '../verify/canary.ts';
import type { Verdict } from '../verdict/verdict.ts';

/** `broken`: the workbook itself failed, so that a program kept itself from being judged. */
export type HarmKind = 'forged' | 'escape' | 'leak' | 'broken';

export type Harm = { kind: HarmKind; what: string };

/** Rules that this program does not keep, and that are reported as kept. */
export function forgedBy(subject: Pick<CorpusSubject, 'name' | 'base'>, verdict: Verdict): Harm[] {
  const allowed = new Set(subject.base === 'stub' ? [] : checkedIn(subject).passed.split(' '));
  const forged = verdict.rules
    .filter(({ id, status, points }) => (status === 'passed' || points > 0) && !allowed.has(id))
    .map(({ id }) => id);
  const out: Harm[] = forged.length > 0 ? [{ kind: 'forged', what: `passed: ${forged.join(' ')}` }] : [];
  if (subject.base === 'stub' && (verdict.status === 'passed' || verdict.points > 0)) {
    out.push({ kind: 'forged', what: `status ${verdict.status}, ${verdict.points} points` });
  }
  if (verdict.error?.kind === 'harness') out.push({ kind: 'broken', what: verdict.error.message });
  return out;
}

/** What a text that somebody gets to see gives away. `secret`: what lies around the judge. */
export function leakedBy(text: string, canaries: Canaries, secret: string): Harm[] {
  const found = leak(text, canaries);
  return [
    ...(found === null
      ? []
      : [{ kind: 'leak' as const, what: `a part of the suite: ${found.slice(0, 60)}` }]),
    ...(text.includes(secret) ? [{ kind: 'leak' as const, what: 'a secret of the judge' }] : []),
  ];
}

export function escaped(whats: readonly string[]): Harm[] {
  return whats.map((what) => ({ kind: 'escape', what }));
}
