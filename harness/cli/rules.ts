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

/** `R1 to R13 and Q01 to Q20`. Core rules come first in a list, so numbers may be out of order. */
function rulesInWords(ids: readonly string[]): string {
  const runs = ['R', 'Q'].flatMap((letter) => {
    const run = ids
      .filter((id) => id.startsWith(letter))
      .toSorted((a, b) => Number(a.slice(1)) - Number(b.slice(1)));
    const [first, last] = [run[0], run.at(-1)];
    if (first === undefined || last === undefined) return [];
    return [first === last ? first : `${first} to ${last}`];
  });
  return runs.join(' and ');
}
