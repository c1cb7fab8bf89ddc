import type { Asked, Found } from './marks.ts';
import { askedRules, pointsOf } from './marks.ts';
import type { Ledger, Standing } from './ledger.ts';

/** Why a mark is another one than before. `flaky`: the same files, suite, harness and Node.js, and yet another result. */
export type Cause = 'files' | 'suite' | 'harness' | 'node' | 'isolation' | 'flaky';

export type Change = {
  student: string;
  exercise: string;
  before: { status: string; points: number };
  after: { status: string; points: number };
  /** The rules that end in another way. */
  rules: { id: string; before: string; after: string }[];
  why: Cause[];
};

/** regrade.json. `compared`: marks that were there before. */
export type Changes = { schema: 1; compared: number; changes: Change[] };

/** What is another than it was at the end of the last sweep, for whom and why. */
export function changesOf(found: readonly Found[], ledger: Ledger, asked: readonly Asked[]): Changes {
  const changes: Change[] = [];
  let compared = 0;
  for (const { row, entries } of found) {
    for (const { exercise, work, summary } of entries) {
      const before = ledger.standing(row.student, exercise);
      const wanted = asked.find((each) => each.exercise.id === exercise);
      if (before === null || work === null || summary === null || wanted === undefined) continue;
      compared++;
      const change = changeOf(before, { parts: work.parts, summary }, askedRules(wanted));
      if (change !== null) changes.push({ student: row.student, exercise, ...change });
    }
  }
  return { schema: 1, compared, changes };
}

/** Null: the result is the same. `counting`: the rules that give points. */
export function changeOf(
  before: Standing,
  after: Standing,
  counting: readonly string[],
): Omit<Change, 'student' | 'exercise'> | null {
  const ended = new Map(before.summary.rules);
  const rules = after.summary.rules
    .map(([id, end]) => ({ id, before: ended.get(id) ?? 'not there', after: end }))
    .filter((rule) => rule.before !== rule.after);
  const gone = before.summary.rules
    .filter(([id]) => !after.summary.rules.some(([each]) => each === id))
    .map(([id, end]) => ({ id, before: end, after: 'not there' }));
  if (rules.length + gone.length === 0 && before.summary.status === after.summary.status) return null;
  const mark = ({ summary }: Standing): Change['before'] => ({
    status: summary.status,
    points: pointsOf(summary, counting),
  });
  const differ = (['files', 'suite', 'harness', 'node', 'isolation'] as const).filter(
    (part) => before.parts[part] !== after.parts[part],
  );
  return {
    before: mark(before),
    after: mark(after),
    rules: [...rules, ...gone],
    why: differ.length === 0 ? ['flaky'] : differ,
  };
}
