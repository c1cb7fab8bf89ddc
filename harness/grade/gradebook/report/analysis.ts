import type { Diagnosis } from '../../../check/diagnosis.ts';
import type { Gradebook } from '../gradebook.ts';
import { discriminationOf } from './discrimination.ts';
import type { Discrimination, Judged } from './discrimination.ts';
import type { Ending } from './endings.ts';

type ClassExercise = Gradebook['assignment']['exercises'][number];
type ClassRule = ClassExercise['rules'][number];

/** A catalogued mistake that failures of a rule match. `often`: what it means, in a line. */
export type Matched = { name: string | null; often: string; count: number };

export type RuleAnalysis = ClassRule & {
  /** Those for whom it was tried, and passed or failed. */
  judged: number;
  failed: number;
  /** Not tried: what it needs failed first, or nothing could be. */
  untried: number;
  /** Failures by anything but a wrong answer: crashes, waits without end. */
  died: number;
  /** From the most frequent on. */
  mistakes: Matched[];
  discrimination: Discrimination;
};

/** Looks at each rule of an exercise over the whole class. */
export function analyse(
  exercise: ClassExercise,
  endings: readonly Ending[],
  diagnosis: Diagnosis,
): RuleAnalysis[] {
  const names = new Map([...diagnosis.values()].map(({ mistake, often }) => [often, mistake]));
  const kept = endings.map(
    ({ rules }) => exercise.rules.filter(({ id }) => rules.get(id) === 'passed').length,
  );
  return exercise.rules.map((rule): RuleAnalysis => {
    const judged: Judged[] = [];
    let untried = 0;
    for (const [index, { rules }] of endings.entries()) {
      const status = rules.get(rule.id);
      const passed = status === 'passed';
      if (passed || status === 'failed') judged.push({ passed, rest: (kept[index] ?? 0) - Number(passed) });
      else untried += 1;
    }
    const failures = endings.flatMap((ending) =>
      ending.failures.filter((failure) => failure.rule === rule.id),
    );
    return {
      ...rule,
      judged: judged.length,
      failed: failures.length,
      untried,
      died: failures.filter(({ cause }) => cause !== 'wrong').length,
      mistakes: matched(
        failures.flatMap(({ message }) => message?.often ?? []),
        names,
      ),
      discrimination: discriminationOf(judged),
    };
  });
}

function matched(lines: readonly string[], names: ReadonlyMap<string, string>): Matched[] {
  const counts = new Map<string, number>();
  for (const line of lines) counts.set(line, (counts.get(line) ?? 0) + 1);
  return [...counts]
    .map(([often, count]) => ({ name: names.get(often) ?? null, often, count }))
    .toSorted((one, other) => other.count - one.count || (one.often < other.often ? -1 : 1));
}
