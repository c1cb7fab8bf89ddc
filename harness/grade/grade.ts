import { judge } from './judge.ts';
import type { Bench } from './judge.ts';
import { GRADES_SCHEMA, markOf } from './grades.ts';
import type { Grades } from './grades.ts';
import type { Intake } from './intake.ts';
import { withDetail } from './detail.ts';
import type { Detail } from './detail.ts';
import { digestOfBuild, judgeOf } from './provenance.ts';
import type { Verdict } from '../verdict/verdict.ts';
import type { Exercise } from '../catalog/exercise.ts';

/** One exercise of a graded submission. `verdict` tells what the detail allows. */
export type Judged = { exercise: Exercise; verdict: Verdict };

/** A submission with its mark. */
export type Graded = { grades: Grades; judged: readonly Judged[] };

export type GradeOptions = {
  bench: Bench;
  detail: Detail;
  env: Readonly<Record<string, string | undefined>>;
  now: () => number;
  /** Told as the rules of an exercise end. */
  onRule?: (exercise: Exercise, rule: string) => void;
  /** Told of each verdict, with all that is in it, whatever the detail. */
  onVerdict?: (exercise: Exercise, verdict: Verdict) => void;
};

/** Judges what was taken in, one exercise after the other. */
export async function grade(intake: Intake, options: GradeOptions): Promise<Graded> {
  const { bench, detail, env, now, onRule = () => {}, onVerdict = () => {} } = options;
  const harnessDigest = digestOfBuild(bench.build);
  const marks: Grades['exercises'] = [];
  const judged: Judged[] = [];
  for (const taken of intake.taken) {
    const { exercise } = taken;
    const verdict = await judge(bench, taken, (rule) => onRule(exercise, rule));
    bench.engine.prepare();
    const mark = markOf(taken, verdict, {
      ...judgeOf(env, intake.own),
      at: new Date(now()).toISOString(),
      harness: bench.harness,
      harnessDigest,
      suiteDigest: verdict.suite,
      commit: intake.commit,
      filesDigest: verdict.files,
    });
    marks.push(mark);
    judged.push({ exercise, verdict: withDetail(verdict, detail) });
    onVerdict(exercise, verdict);
  }
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  const grades: Grades = {
    schema: GRADES_SCHEMA,
    submission: { kind: intake.kind, commit: intake.commit },
    detail,
    passed: marks.every(({ status }) => status === 'passed'),
    points: sum(marks.map(({ points }) => points)),
    maxPoints: sum(marks.map(({ maxPoints }) => maxPoints)),
    exercises: marks,
  };
  return { grades, judged };
}
