import type { Exercise } from '../catalog/exercise.ts';
import { shown } from './command.ts';

/** Whether a word is the id of a rule, not of an exercise. */
export function looksLikeRule(typed: string): boolean {
  return /^[RQ]\d{1,3}$/i.test(typed);
}

/** What to say where a command got a rule and no exercise. `id`: the exercise that is probably meant. */
export function ruleWithoutExercise(command: string, typed: string, id: string): string {
  const rule = shown(typed).toUpperCase();
  return `${rule} is a rule. Name its exercise first: npm run ${command} ${id} ${rule}`;
}

export type RuleChoice = { ok: true; id: string | null } | { ok: false; message: string };

/** The rule that a person typed, in upper or lower case and with or without leading zeros. Undefined: all rules. */
export function findRule(
  { id, rules }: Pick<Exercise, 'id' | 'rules'>,
  typed: string | undefined,
): RuleChoice {
  if (typed === undefined) return { ok: true, id: null };
  const wanted = normalised(typed);
  const rule = rules.find((each) => normalised(each.id) === wanted);
  if (rule !== undefined) return { ok: true, id: rule.id };
  const near = rules.filter((each) => normalised(each.id).slice(1) === wanted.replace(/^\D+/, ''));
  const next =
    near.length === 0
      ? `Its rules are ${rulesInWords(rules.map((each) => each.id))}.`
      : `Did you mean ${near.map((each) => each.id).join(' or ')}?`;
  return { ok: false, message: `${id} has no rule ${shown(typed)}. ${next}` };
}

/** `q07` → `Q7`, `07` → `7` */
function normalised(typed: string): string {
  return typed.toUpperCase().replace(/^([RQ]?)0+(?=\d)/, '$1');
}

/**
 * `R1 to R13, R15 and Q01 to Q20`. Core rules come first in a list, so numbers may be out of order, and an edition for a class
 * may have some left out.
 */
function rulesInWords(ids: readonly string[]): string {
  const number = (id: string) => Number(id.slice(1));
  const runs: string[][] = [];
  for (const letter of ['R', 'Q']) {
    const mine = ids.filter((id) => id.startsWith(letter)).toSorted((a, b) => number(a) - number(b));
    mine.forEach((id, index) => {
      const before = mine[index - 1];
      if (before !== undefined && number(before) + 1 === number(id)) runs.at(-1)?.push(id);
      else runs.push([id]);
    });
  }
  const texts = runs.map((run) => (run.length === 1 ? run[0] : `${run[0]} to ${run.at(-1)}`));
  return [texts.slice(0, -1).join(', '), texts.at(-1)].filter(Boolean).join(' and ');
}
